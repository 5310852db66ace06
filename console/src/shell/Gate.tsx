// Who may pass to a page: signed in, password in order, permission held.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, Outlet, useLocation } from "react-router";
import { OfflineError } from "@/api/client";
import { useSession } from "@/api/session";
import type { Action } from "@/api/types";
import { PageShell } from "@/kit/PageShell";
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
  const { t } = useTranslation();
  if (allowed(one, can)) return children;
  return (
    <PageShell title={t("error.forbidden")}>
      <ForbiddenState />
    </PageShell>
  );
}

export function UnknownPage() {
  const { t } = useTranslation();
  return (
    <PageShell title={t("shell.unknown")}>
      <div className="sn-state">
        <p className="sn-state-text">{t("shell.unknown.hint")}</p>
        <Link to={paths.home()} className="sn-link-button">
          {t("shell.unknown.home")}
        </Link>
      </div>
    </PageShell>
  );
}
