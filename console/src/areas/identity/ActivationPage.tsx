// A one-time code becomes a password; the first administrators come in this way.
import { App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { activate } from "@/api/identity";
import { useCommand } from "@/api/useCommand";
import { ProblemBanner } from "@/kit/States";
import { paths } from "@/paths";
import { EntranceShell } from "./EntranceShell";
import { NewPassword } from "./NewPassword";

interface Fields {
  employee_no: string;
  code: string;
  password: string;
}

export default function ActivationPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const run = useCommand(
    ({ employee_no, code, password }: Fields, intent) => activate(employee_no.trim(), code.trim(), password, intent),
    () => {
      void message.success(t("activation.done"));
      return navigate(paths.signIn(), { replace: true });
    },
  );
  return (
    <EntranceShell title={t("activation.title")} note={t("activation.note")}>
      <ProblemBanner error={run.error} />
      <Form<Fields>
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={({ employee_no, code, password }) => run.mutate({ employee_no, code, password })}
      >
        <Form.Item name="employee_no" label={t("signIn.employeeNo")} rules={[{ required: true, whitespace: true, message: t("signIn.employeeNo.required") }]}>
          <Input autoFocus autoComplete="username" maxLength={32} lang="en" />
        </Form.Item>
        <Form.Item name="code" label={t("activation.code")} rules={[{ required: true, whitespace: true, message: t("activation.code.required") }]}>
          <Input autoComplete="one-time-code" maxLength={64} lang="en" />
        </Form.Item>
        <NewPassword />
        <Button type="primary" htmlType="submit" block loading={run.isPending}>
          {t("activation.submit")}
        </Button>
      </Form>
      <p className="sn-entrance-more">
        <Link to={paths.signIn()}>{t("activation.back")}</Link>
      </p>
    </EntranceShell>
  );
}
