// Every step of an item as the journal holds it: who, when, where, and the hash that chains it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { readPosts } from "@/api/organization";
import { readBusinessTypes, readItem, readTrace } from "@/api/processing";
import { useSession } from "@/api/session";
import type { ItemDetail, TraceStep } from "@/api/types";
import { DateTime } from "@/kit/DateTime";
import { DetailShell } from "@/kit/DetailShell";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { Badge } from "@/kit/StateBadge";
import { EmptyState } from "@/kit/States";
import { StopOutlined } from "@ant-design/icons";
import { paths } from "@/paths";

export default function TracePage() {
  const { t } = useTranslation();
  const id = useParams()["item"] ?? "";
  const item = useQuery({ queryKey: ["item", id], queryFn: ({ signal }) => readItem(id, signal) });
  const trace = useQuery({ queryKey: ["item", id, "trace"], queryFn: ({ signal }) => readTrace(id, signal), refetchInterval: 15_000 });
  const words = useWords(item.data);
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
        {({ steps }) => (steps.length === 0 ? <EmptyState title={t("trace.empty")} /> : <ol className="sn-trace-steps">{steps.map((step) => <Step key={step.seq} step={step} words={words} />)}</ol>)}
      </DetailShell>
    </PageShell>
  );
}

interface Words {
  /** A post by its code; nothing for somebody who may not read the bank's posts. */
  post: (code: string) => string | undefined;
  /** A sentence of the trace with the fields it names by their codes under their names. */
  sentence: (text: string) => string;
}

/** The server's record names posts and fields by their codes, which do not change; people are told their names. */
function useWords(item: ItemDetail | undefined): Words {
  const { nameOf } = useLanguage();
  const { can, me } = useSession();
  const posts = useQuery({ queryKey: ["posts", "list"], queryFn: ({ signal }) => readPosts(signal), enabled: can("organization.view"), staleTime: 5 * 60_000 });
  const types = useQuery({ queryKey: ["business-types"], queryFn: ({ signal }) => readBusinessTypes(signal), enabled: can("business_type.view"), staleTime: 5 * 60_000 });
  const fields = types.data?.find((type) => type.code === item?.business_type.code)?.fields ?? item?.fields ?? [];
  return {
    post: (code) => {
      const known = [...(posts.data ?? []), ...(me?.posts ?? [])].find((post) => post.code === code);
      return known === undefined ? undefined : nameOf(known);
    },
    sentence: (text) =>
      text.replace(/[a-z][a-z_0-9]+/g, (word) => {
        const field = fields.find(({ code }) => code === word);
        return field === undefined ? word : nameOf(field);
      }),
  };
}

function Step({ step, words }: { step: TraceStep; words: Words }) {
  const { t } = useTranslation();
  const { pick, nameOf } = useLanguage();
  const [open, setOpen] = useState(false);
  const machine = typeof step.actor === "string";
  const where = [
    typeof step.post === "string" ? words.post(step.post) : undefined,
    typeof step.institution === "object" && step.institution !== null ? nameOf(step.institution) : step.institution,
    (step.seat ?? "") === "" ? undefined : t("shell.seat", { seat: step.seat }),
  ].filter((part) => part !== null && part !== undefined && part !== "");
  return (
    <li className={step.refused ? "sn-step sn-step-refused" : machine ? "sn-step sn-step-machine" : "sn-step"}>
      <span className="sn-step-seq sn-number">{step.seq}</span>
      <div className="sn-step-body">
        <div className="sn-row">
          <strong>{words.sentence(pick(step.summary_zh, step.summary_en) ?? step.kind)}</strong>
          {step.refused && (
            <Badge tone="bad" icon={<StopOutlined />}>
              {t("trace.refused")}
            </Badge>
          )}
        </div>
        <div className="sn-faint">
          {typeof step.actor === "object" ? t("shell.person", { name: step.actor.name, no: step.actor.employee_no }) : t("trace.machine")}
          {where.length > 0 && ` · ${where.join(" · ")}`}
        </div>
        {(step.note ?? "") !== "" && <div>{step.note}</div>}
        {open && (
          <pre className="sn-payload" tabIndex={0}>
            {step.hash}
            {"\n"}
            {JSON.stringify(step.payload ?? null, null, 2)}
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
