// A new password: by one's own wish, or because the present one is new or old.
import { App, Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { changePassword } from "@/api/identity";
import { useSession } from "@/api/session";
import { useCommand } from "@/api/useCommand";
import { ProblemBanner } from "@/kit/States";
import { paths } from "@/paths";
import { EntranceShell } from "./EntranceShell";
import { NewPassword } from "./NewPassword";

interface Fields {
  old: string;
  password: string;
}

export default function PasswordPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const session = useSession();
  const must = session.me === undefined || session.me.must_change_password;
  const change = useCommand(
    ({ old, password }: Fields, intent) => changePassword(old, password, intent),
    async () => {
      void message.success(t("password.done"));
      await session.refresh();
      await navigate(paths.home(), { replace: true });
    },
  );
  return (
    <EntranceShell title={t("password.title")} {...(must ? { note: t("password.must") } : {})}>
      <ProblemBanner error={change.error} />
      <Form<Fields> layout="vertical" requiredMark={false} size="large" onFinish={({ old, password }) => change.mutate({ old, password })}>
        <Form.Item name="old" label={t("password.old")} rules={[{ required: true, message: t("password.old.required") }]}>
          <Input.Password autoFocus autoComplete="current-password" maxLength={128} />
        </Form.Item>
        <NewPassword />
        <Button type="primary" htmlType="submit" block loading={change.isPending}>
          {t("password.submit")}
        </Button>
      </Form>
      <p className="sn-entrance-more">
        <Link to={must ? paths.signIn() : paths.home()}>{t(must ? "activation.back" : "action.cancel")}</Link>
      </p>
    </EntranceShell>
  );
}
