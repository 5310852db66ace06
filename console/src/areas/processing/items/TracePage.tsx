// Every step of an item as the journal holds it: who, when, where, and the hash that chains it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { readItem, readTrace } from "@/api/processing";
import { useSession } from "@/api/session";
import type { TraceStep } from "@/api/types";
import { DateTime } from "@/kit/DateTime";
import { DetailShell } from "@/kit/DetailShell";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { EmptyState } from "@/kit/States";
import { paths } from "@/paths";

export default function TracePage() {
  const { t } = useTranslation();
  const id = useParams()["item"] ?? "";
  const item = useQuery({ queryKey: ["item", id], queryFn: ({ signal }) => readItem(id, signal) });
  const trace = useQuery({ queryKey: ["item", id, "trace"], queryFn: ({ signal }) => readTrace(id, signal), refetchInterval: 15_000 });
  const { can } = useSession();
  return (
    <PageShell
      title={t("trace.title", { no: item.data?.item_no ?? "" })}
      note={t("trace.note")}
      back={{ to: paths.item(id), label: t("trace.back") }}
      actions={
        <>
          {can("journal.view") && (
            <Link to={paths.journal(id)} className="sn-link-button">
              {t("journal.title")}
            </Link>
          )}
          <Link to={paths.item(id)} className="sn-link-button">
            {t("trace.images")}
          </Link>
        </>
      }
    >
      <DetailShell query={trace}>
        {({ steps }) => (steps.length === 0 ? <EmptyState title={t("trace.empty")} /> : <ol className="sn-trace-steps">{steps.map((step) => <Step key={step.seq} step={step} />)}</ol>)}
      </DetailShell>
    </PageShell>
  );
}

function Step({ step }: { step: TraceStep }) {
  const { t } = useTranslation();
  const { pick, nameOf } = useLanguage();
  const [open, setOpen] = useState(false);
  const machine = typeof step.actor === "string";
  const where = [
    step.post === null || step.post === undefined ? undefined : nameOf(step.post),
    typeof step.institution === "object" && step.institution !== null ? nameOf(step.institution) : step.institution,
    (step.seat ?? "") === "" ? undefined : t("shell.seat", { seat: step.seat }),
  ].filter((part) => part !== null && part !== undefined && part !== "");
  return (
    <li className={machine ? "sn-step sn-step-machine" : "sn-step"}>
      <span className="sn-step-seq sn-number">{step.seq}</span>
      <div className="sn-step-body">
        <strong>{pick(step.summary_zh, step.summary_en)}</strong>
        <div className="sn-faint">
          {typeof step.actor === "object" ? t("shell.person", { name: step.actor.name, no: step.actor.employee_no }) : t("trace.machine")}
          {where.length > 0 && ` · ${where.join(" · ")}`}
        </div>
        {(step.note ?? "") !== "" && <div>{step.note}</div>}
        {open && (
          <pre className="sn-payload" tabIndex={0}>
            {step.hash}
            {/* What the hash is over is written in the journal's codes: the server tells it to those who read the journal. */}
            {step.payload !== undefined && `\n${JSON.stringify(step.payload, null, 2)}`}
          </pre>
        )}
      </div>
      <div className="sn-step-proof">
        <DateTime value={step.at} />
        <button type="button" className="sn-hash sn-small" aria-expanded={open} aria-label={t("trace.expand", { seq: step.seq })} onClick={() => setOpen(!open)}>
          {t("trace.hash")} {step.hash.slice(0, 16)}…
        </button>
      </div>
    </li>
  );
}
