// Who may pass to a page: signed in, password in order, permission held.
import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation } from "react-router";
import { OfflineError } from "@/api/client";
import { useSession } from "@/api/session";
import type { Action } from "@/api/types";
import { ErrorState, ForbiddenState, LoadingState } from "@/kit/States";
import { paths } from "@/paths";
import { allowed } from "./menu";

/** Everything behind sign-in; comes back to the wanted page afterwards. */
export function SignedIn() {
  const { me, status, refresh } = useSession();
  const { pathname, search } = useLocation();
  if (status === "loading") return <LoadingState rows={8} />;
  if (status === "unreachable") return <ErrorState error={new OfflineError(undefined)} retry={() => void refresh()} />;
  if (me === undefined) return <Navigate to={paths.signIn()} state={{ wanted: `${pathname}${search}` }} replace />;
  if (me.must_change_password) return <Navigate to={paths.password()} replace />;
  return <Outlet />;
}

/** A page for those who hold one of the permissions; says so to the others. */
export function Needs({ one, children }: { one: readonly Action[]; children: ReactNode }) {
  const { can } = useSession();
  return allowed(one, can) ? children : <ForbiddenState />;
}

export function UnknownPage() {
  const { t } = useTranslation();
  return (
    <div className="sn-state">
      <p className="sn-state-title">{t("shell.unknown")}</p>
      <p className="sn-state-text">{t("shell.unknown.hint")}</p>
      <Link to={paths.home()}>
        <Button>{t("shell.unknown.home")}</Button>
      </Link>
    </div>
  );
}
