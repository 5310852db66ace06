// Background jobs that gave up, and running them again.
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";
import { readDeadJobs, reviveJob } from "@/api/operations";
import { useSession } from "@/api/session";
import type { DeadJob } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { ActionButton } from "@/kit/ActionButton";
import { DateTime } from "@/kit/DateTime";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { ProblemText } from "@/kit/States";

export default function DeadJobsPage() {
  const { t } = useTranslation();
  const columns: Column<DeadJob>[] = [
    { key: "name", title: t("jobs.name"), render: (job) => <code>{job.name}</code> },
    { key: "attempts", title: t("jobs.attempts"), align: "end", render: (job) => <span className="sn-number">{job.attempts}</span> },
    { key: "error", title: t("jobs.error"), render: (job) => <span className="sn-wrap">{job.last_error}</span> },
    { key: "failed", title: t("jobs.failed"), render: (job) => <DateTime value={job.failed_at} /> },
    { key: "act", title: t("table.acts"), titleHidden: true, align: "end", render: (job) => <Revive job={job} /> },
  ];
  return (
    <PageShell title={t("jobs.title")} note={t("jobs.note")}>
      <QueryTable
        label={t("jobs.title")}
        queryKey={["jobs"]}
        load={(cursor, limit, signal) => readDeadJobs(cursor, limit, signal)}
        columns={columns}
        rowKey={(job) => job.job_id}
        empty={{ title: t("jobs.empty"), hint: t("jobs.empty.hint") }}
        refreshSeconds={30}
      />
    </PageShell>
  );
}

function Revive({ job }: { job: DeadJob }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { can } = useSession();
  const client = useQueryClient();
  const run = useCommand(
    (_: undefined, intent) => reviveJob(job.job_id, intent),
    () => {
      void message.success(t("jobs.revived"));
      return client.invalidateQueries({ queryKey: ["jobs"] });
    },
  );
  return (
    <ActionButton
      size="small"
      disabledReason={can("job.revive") ? undefined : t("jobs.revive.forbidden")}
      loading={run.isPending}
      onClick={() => run.mutate(undefined, { onError: (error) => void message.error(<ProblemText error={error} />) })}
    >
      {t("jobs.revive")}
    </ActionButton>
  );
}
