// Who is signed in, where they sit, and the way out.
import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { App, Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { signOut } from "@/api/identity";
import { useMe, useSession } from "@/api/session";
import { useCommand } from "@/api/useCommand";
import { useLanguage } from "@/kit/language";
import { ProblemText } from "@/kit/States";
import { paths } from "@/paths";
import { passwordIcon } from "./menu";

export function AccountMenu() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const session = useSession();
  const me = useMe();
  const leave = useCommand(signOut, () => session.leave());
  const seat = me.seat ?? undefined;

  const items = [
    { key: "password", icon: passwordIcon, label: t("shell.password"), onClick: () => void navigate(paths.password()) },
    {
      key: "leave",
      icon: <LogoutOutlined />,
      label: t("shell.signOut"),
      onClick: () => leave.mutate(undefined, { onError: (error) => void message.error(<ProblemText error={error} />) }),
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]} placement="bottomRight" autoFocus>
      <Button type="text" className="sn-on-bar sn-account" icon={<UserOutlined />} aria-label={t("shell.account")}>
        <span className="sn-account-text">
          <span>{t("shell.person", { name: me.name, no: me.employee_no })}</span>
          <span className="sn-on-bar-soft">
            {nameOf(me.institution)}
            {seat !== undefined && ` · ${t("shell.seat", { seat })}`}
          </span>
        </span>
      </Button>
    </Dropdown>
  );
}
