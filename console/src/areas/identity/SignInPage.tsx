// Employee number, password, seat; locked out people see how long.
import { Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation, useNavigate } from "react-router";
import { ApiProblem } from "@/api/client";
import { signIn } from "@/api/identity";
import { useSession } from "@/api/session";
import { useCommand } from "@/api/useCommand";
import { ProblemBanner } from "@/kit/States";
import { formatSeconds } from "@/kit/time";
import { paths } from "@/paths";
import { EntranceShell } from "./EntranceShell";

interface Fields {
  employee_no: string;
  password: string;
  seat?: string;
}

/** The page that was asked for before the door, if any; only addresses of the console itself. */
function wantedPage(state: unknown): string {
  const wanted = typeof state === "object" && state !== null && "wanted" in state ? state.wanted : undefined;
  return typeof wanted === "string" && wanted.startsWith("/") && !wanted.startsWith("//") ? wanted : paths.home();
}

export default function SignInPage() {
  const { t } = useTranslation();
  const session = useSession();
  const navigate = useNavigate();
  const location = useLocation();
  const password = useRef<InputRef>(null);
  const [form] = Form.useForm<Fields>();
  const [lockedUntil, setLockedUntil] = useState(0);
  const locked = useCountdown(lockedUntil);
  const wanted = wantedPage(location.state);

  const enter = useCommand(
    ({ employee_no, password, seat }: Fields) => signIn(employee_no.trim(), password, seat?.trim() === "" ? undefined : seat?.trim()),
    (me) => {
      session.enter(me);
      return navigate(me.must_change_password ? paths.password() : wanted, { replace: true });
    },
  );
  const failed = (error: Error) => {
    if (!(error instanceof ApiProblem)) return;
    if (error.code === "password_must_change") void navigate(paths.password(), { replace: true });
    if (error.code === "locked_out") setLockedUntil(Date.now() + secondsOf(error) * 1000);
    // Not `resetFields`: it puts another input in the place of the one that gets the focus.
    form.setFieldValue("password", "");
    password.current?.focus();
  };

  if (session.me !== undefined && !enter.isPending) return <Navigate to={wanted} replace />;
  const wrongPassword = enter.error !== null && !(enter.error instanceof ApiProblem && enter.error.code === "locked_out");
  return (
    <EntranceShell title={t("signIn.title")}>
      {session.ended && enter.error === null && locked === 0 && (
        <div className="sn-banner sn-banner-warn" role="status">
          {t("signIn.ended")}
        </div>
      )}
      {locked > 0 && (
        <div className="sn-banner sn-banner-bad" role="alert">
          {t("signIn.locked", { time: formatSeconds(locked) })}
        </div>
      )}
      {wrongPassword && <ProblemBanner error={enter.error} />}
      <Form form={form} layout="vertical" requiredMark={false} size="large" onFinish={(fields) => enter.mutate(fields, { onError: failed })}>
        <Form.Item name="employee_no" label={t("signIn.employeeNo")} rules={[{ required: true, whitespace: true, message: t("signIn.employeeNo.required") }]}>
          <Input autoFocus autoComplete="username" maxLength={32} inputMode="text" lang="en" />
        </Form.Item>
        <Form.Item name="password" label={t("signIn.password")} rules={[{ required: true, message: t("signIn.password.required") }]}>
          <Input.Password ref={password} autoComplete="current-password" maxLength={128} visibilityToggle={false} />
        </Form.Item>
        <Form.Item name="seat" label={t("signIn.seat")} extra={t("signIn.seat.hint")}>
          <Input autoComplete="off" maxLength={32} lang="en" />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={enter.isPending} disabled={locked > 0}>
          {t("signIn.submit")}
        </Button>
      </Form>
      <p className="sn-entrance-more">
        <Link to={paths.activation()}>{t("signIn.activate")}</Link>
      </p>
    </EntranceShell>
  );
}

/** How long the lock lasts: the header, else the number in the sentence, else a minute. */
function secondsOf(problem: ApiProblem): number {
  if (problem.retryAfterSeconds !== undefined) return problem.retryAfterSeconds;
  const inWords = Number.parseInt(/\d+/.exec(problem.titleEn)?.[0] ?? "", 10);
  return Number.isNaN(inWords) ? 60 : inWords;
}

/** Whole seconds left until `until` (milliseconds of the terminal's clock). */
function useCountdown(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until <= Date.now()) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() >= until) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
