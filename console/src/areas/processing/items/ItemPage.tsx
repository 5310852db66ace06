// One item: its pages beside what was read from them, its checks, and what may be done.
import { AimOutlined, CheckCircleOutlined, CloseCircleOutlined, MinusCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { readBusinessTypes, readItem } from "@/api/processing";
import { useSession } from "@/api/session";
import type { CheckResult, ItemDetail, ItemField } from "@/api/types";
import { formatMinor, parseAmount } from "@/kit/amount";
import { DateTime, DueIn } from "@/kit/DateTime";
import { DetailShell, Properties } from "@/kit/DetailShell";
import { useLanguage } from "@/kit/language";
import { MoneyText } from "@/kit/Money";
import { PageShell, Section } from "@/kit/PageShell";
import { Rows } from "@/kit/QueryTable";
import { StageTrack } from "@/kit/StageTrack";
import { Badge, OverdueBadge, StateBadge } from "@/kit/StateBadge";
import { EmptyState, ForbiddenState } from "@/kit/States";
import { paths } from "@/paths";
import { PageImage } from "../PageViewer";
import { ItemActions } from "./ItemActions";

export default function ItemPage() {
  const { t } = useTranslation();
  const id = useParams()["item"] ?? "";
  const item = useQuery({ queryKey: ["item", id], queryFn: ({ signal }) => readItem(id, signal), refetchInterval: 15_000 });
  return (
    <PageShell
      title={t("item.title", { no: item.data?.item_no ?? "" })}
      back={{ to: paths.items(), label: t("item.back") }}
      actions={
        item.data !== undefined && (
          <>
            <Link to={paths.trace(id)} className="sn-link-button">
              {t("item.trace")}
            </Link>
            <ItemActions item={item.data} />
          </>
        )
      }
    >
      <DetailShell query={item}>{(data) => <Detail item={data} />}</DetailShell>
    </PageShell>
  );
}

function Detail({ item }: { item: ItemDetail }) {
  const { t } = useTranslation();
  const [field, setField] = useState<ItemField | undefined>(undefined);
  return (
    <>
      <div className="sn-track-line">
        <StageTrack item={item} />
        <span className="sn-row">
          <StateBadge state={item.state} />
          {item.overdue && <OverdueBadge />}
        </span>
      </div>
      <Reason item={item} />
      <div className="sn-split">
        <Pages item={item} field={field} />
        <div className="sn-split-side">
          <LastPosting posting={item.last_posting ?? undefined} />
          <Section title={t("item.facts")}>
            <Facts item={item} />
          </Section>
          <Section title={t("item.fields")} flush={item.fields.length > 0}>
            <Fields item={item} onShow={setField} />
          </Section>
          {item.checks.length > 0 && (
            <Section title={t("item.checks")}>
              <Checks checks={item.checks} fields={item.fields} />
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

function Reason({ item }: { item: ItemDetail }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const reason = item.reason ?? undefined;
  if (reason === undefined) return null;
  return (
    <div className="sn-banner sn-banner-warn" role="status">
      <div>
        <strong>
          {t("item.reason")} {reason.code}
        </strong>{" "}
        {nameOf(reason)}
        {(reason.note ?? "") !== "" && <p>{reason.note}</p>}
      </div>
    </div>
  );
}

function Facts({ item }: { item: ItemDetail }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const position = item.queue_position ?? undefined;
  return (
    <Properties
      items={[
        { label: t("item.type"), value: `${nameOf(item.business_type)} · ${t("item.version", { version: item.business_type.version })}` },
        { label: t("items.institution"), value: nameOf(item.institution) },
        { label: t("items.amount"), value: <MoneyText value={item.amount} strong /> },
        { label: t("item.businessDate"), value: <span className="sn-number">{item.business_date}</span> },
        { label: t("items.submitted"), value: <DateTime value={item.submitted_at} /> },
        { label: t("items.due"), value: item.stage === "ended" ? "—" : <DueIn due={item.due_at} overdue={item.overdue} /> },
        position === undefined ? undefined : { label: t("item.queuePosition"), value: t("item.position", { position }) },
        { label: t("item.coreReference"), value: <span className="sn-number">{item.core_reference ?? "—"}</span> },
        { label: t("item.updated"), value: <DateTime value={item.updated_at} /> },
      ]}
    />
  );
}

/** What to ask the core about; it is there for who decides after a refusal. */
function LastPosting({ posting }: { posting: ItemDetail["last_posting"] | undefined }) {
  const { t } = useTranslation();
  if (posting === undefined || posting === null) return null;
  const code = posting.core_code ?? undefined;
  return (
    <Section title={t("item.posting")}>
      <Properties
        items={[
          { label: t("item.posting.key"), value: <span className="sn-number">{posting.posting_key}</span> },
          { label: t("item.posting.round"), value: t("item.posting.rounds", { round: posting.round, tries: posting.tries }) },
          { label: t("item.posting.outcome"), value: t(`item.posting.outcome.${posting.outcome}`) },
          code === undefined ? undefined : { label: t("item.posting.code"), value: <code>{code}</code> },
          { label: t("item.posting.at"), value: <DateTime value={posting.at} /> },
        ]}
      />
    </Section>
  );
}

function Pages({ item, field }: { item: ItemDetail; field: ItemField | undefined }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { can } = useSession();
  const types = useQuery({ queryKey: ["business-types"], queryFn: ({ signal }) => readBusinessTypes(signal), staleTime: 5 * 60_000 });
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [seen, setSeen] = useState<ItemField | undefined>(undefined);
  // Pointing at a field turns to its page; choosing a page by hand afterwards wins again.
  if (field !== seen) {
    setSeen(field);
    if (field?.page_id !== null && field?.page_id !== undefined) setChosen(field.page_id);
  }
  const kinds = types.data?.find((type) => type.code === item.business_type.code)?.pages ?? [];
  const nameOfKind = (kind: string) => {
    const known = kinds.find((one) => one.kind === kind);
    return known === undefined ? t("page.other") : nameOf(known);
  };
  const page = item.pages.find((one) => one.page_id === chosen) ?? item.pages.find((one) => !one.superseded);
  if (!can("image.view")) return <Section title={t("item.pages")}>{<ForbiddenState detail={t("item.images.forbidden")} />}</Section>;
  if (page === undefined) return <Section title={t("item.pages")}>{<EmptyState title={t("item.pages.none")} />}</Section>;

  const boxes = (item.reason?.boxes ?? []).filter((box) => box.page_id === page.page_id).map((box) => ({ rect: box.rect, tone: "bad" as const }));
  const pointed = field?.page_id === page.page_id && field.rect !== null && field.rect !== undefined ? [{ rect: field.rect, tone: "busy" as const }] : [];
  const label = `${nameOfKind(page.kind)} · ${t("item.page", { no: page.page_no })}`;
  return (
    <Section title={t("item.pages")} flush>
      <div className="sn-page-tabs">
        {item.pages.map((one) => (
          <button key={one.page_id} type="button" aria-pressed={one === page} className={one.superseded ? "sn-page-tab sn-faint" : "sn-page-tab"} onClick={() => setChosen(one.page_id)}>
            {nameOfKind(one.kind)} {one.page_no}
            {one.superseded && `（${t("item.superseded")}）`}
          </button>
        ))}
      </div>
      <div className="sn-split-viewer">
        <PageImage key={`${page.page_id}-${String(page.version)}`} page={page} label={label} boxes={[...boxes, ...pointed]} />
      </div>
    </Section>
  );
}

function Fields({ item, onShow }: { item: ItemDetail; onShow: (field: ItemField) => void }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  if (item.fields.length === 0) return <EmptyState title={t("item.fields.none")} />;
  return (
    <Rows
      label={t("item.fields")}
      rows={item.fields}
      rowKey={(field) => field.code}
      columns={[
        { key: "name", title: t("item.field"), width: "38%", render: (field) => nameOf(field) },
        {
          key: "value",
          title: t("item.value"),
          render: (field) => (
            <span className="sn-number" title={field.masked === true ? t("item.masked") : undefined}>
              {shown(field)}
            </span>
          ),
        },
        {
          key: "show",
          title: t("table.acts"),
          titleHidden: true,
          align: "end",
          render: (field) =>
            field.rect !== null && field.rect !== undefined && (
              <Button type="text" size="small" icon={<AimOutlined />} aria-label={`${t("item.showOnImage")}: ${nameOf(field)}`} title={t("item.showOnImage")} onClick={() => onShow(field)} />
            ),
        },
      ]}
    />
  );
}

const outcomes = {
  passed: { tone: "good", icon: <CheckCircleOutlined /> },
  failed: { tone: "bad", icon: <CloseCircleOutlined /> },
  skipped: { tone: "calm", icon: <MinusCircleOutlined /> },
} as const;

/** Amounts with thousands; whatever is masked or unreadable as it came. */
function shown(field: ItemField): string {
  const amount = field.kind === "amount" && field.masked !== true ? parseAmount(field.value ?? "", "CNY") : null;
  return amount === null || "fault" in amount ? (field.value ?? "—") : formatMinor(amount.minor, "CNY");
}

function Checks({ checks, fields }: { checks: CheckResult[]; fields: ItemField[] }) {
  const { t } = useTranslation();
  const { textOf, nameOf } = useLanguage();
  /** One rule may look at several fields in turn. */
  const about = (check: CheckResult) => fields.filter((field) => check.fields.includes(field.code)).map(nameOf).join(t("list.separator"));
  return (
    <ul className="sn-lines">
      {checks.map((check) => (
        <li key={`${check.rule} ${check.fields.join(" ")}`}>
          <span className="sn-sentence">{textOf(check)} <span className="sn-faint sn-small">{about(check)}</span></span>
          <Badge tone={outcomes[check.outcome].tone} icon={outcomes[check.outcome].icon}>
            {t(`item.check.${check.outcome}`)}
          </Badge>
        </li>
      ))}
    </ul>
  );
}
