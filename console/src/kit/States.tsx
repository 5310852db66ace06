// The states a page can be in besides showing its content.
import { DisconnectOutlined, FileSearchOutlined, InboxOutlined, LockOutlined, WarningOutlined } from "@ant-design/icons";
import { Button, Skeleton } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, OfflineError } from "@/api/client";
import { useLanguage } from "./language";

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  role?: "status" | "alert";
}

function Panel({ icon, title, children, action, role = "status" }: StateProps) {
  return (
    <div className="sn-state" role={role}>
      <span className="sn-state-icon" aria-hidden="true">
        {icon}
      </span>
      <p className="sn-state-title">{title}</p>
      {children !== undefined && <div className="sn-state-text">{children}</div>}
      {action !== undefined && <div>{action}</div>}
    </div>
  );
}

/** There is nothing, and that is fine; says what would bring something. */
export function EmptyState({ title, hint, action }: { title: string; hint?: string | undefined; action?: ReactNode }) {
  return (
    <Panel icon={<InboxOutlined />} title={title} {...(action === undefined ? {} : { action })}>
      {hint}
    </Panel>
  );
}

/** A refusal, a fault, or no line, each in its own words. */
export function ErrorState({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const again = retry === undefined ? undefined : <Button onClick={retry}>{t("action.retry")}</Button>;
  if (error instanceof OfflineError) {
    return (
      <Panel icon={<DisconnectOutlined />} title={t("error.offline")} role="alert" action={again}>
        {t("error.offline.read")}
      </Panel>
    );
  }
  if (error instanceof ApiProblem && error.status === 403) return <ForbiddenState detail={error.text(language)} />;
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <Panel icon={<FileSearchOutlined />} title={t("error.notFound")} role="alert">
        {error.text(language)}
      </Panel>
    );
  }
  return (
    <Panel icon={<WarningOutlined />} title={t("error.title")} role="alert" action={again}>
      <ProblemText error={error} />
    </Panel>
  );
}

/** The person's posts do not carry this page. */
export function ForbiddenState({ detail }: { detail?: string }) {
  const { t } = useTranslation();
  return (
    <Panel icon={<LockOutlined />} title={t("error.forbidden")} role="alert">
      {detail === undefined || detail === "" ? t("error.forbidden.hint") : detail}
    </Panel>
  );
}

/** Gray bars in the shape of what is coming. */
export function LoadingState({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")} className="sn-loading">
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  );
}

/** What went wrong as one or two sentences, with the number to tell the help desk. */
export function ProblemText({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  if (error instanceof OfflineError) return <>{t("error.offline.hint")}</>;
  if (!(error instanceof ApiProblem)) return <>{t("error.unexpected")}</>;
  const sentence = error.text(language);
  return (
    <>
      {sentence === "" ? t("error.unexpected") : sentence}
      {error.traceId !== undefined && error.status >= 500 && <span className="sn-trace"> {t("error.trace", { id: error.traceId })}</span>}
    </>
  );
}

/** Above content that could not be read again: what is shown is older than it should be. */
export function StaleBanner() {
  const { t } = useTranslation();
  return (
    <div className="sn-banner sn-banner-warn" role="alert">
      <span aria-hidden="true">
        <DisconnectOutlined />
      </span>
      {t("error.stale")}
    </div>
  );
}

/** The same above a form, after a command was refused. */
export function ProblemBanner({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const offline = error instanceof OfflineError;
  return (
    <div className={offline ? "sn-banner sn-banner-warn" : "sn-banner sn-banner-bad"} role="alert">
      <span aria-hidden="true">{offline ? <DisconnectOutlined /> : <WarningOutlined />}</span>
      <div>
        <ProblemText error={error} />
      </div>
    </div>
  );
}
