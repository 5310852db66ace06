// How well was keyed in some days: the center's figures, and the keyers behind them.
import { useQuery } from "@tanstack/react-query";
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { readKeyingReport } from "@/api/operations";
import { useSession } from "@/api/session";
import type { KeyerLine, KeyingReport } from "@/api/types";
import { DetailShell } from "@/kit/DetailShell";
import { PageShell, Section } from "@/kit/PageShell";
import { Rows, type Column } from "@/kit/QueryTable";
import { EmptyState } from "@/kit/States";
import { formatCount } from "@/kit/time";
import { paths } from "@/paths";
import type { TextKey } from "@/texts";

export default function KeyingReportPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const days = { from: search.get("from") ?? undefined, to: search.get("to") ?? undefined };
  const report = useQuery({
    queryKey: ["report", "keying", days],
    queryFn: ({ signal }) => readKeyingReport(days, signal),
    refetchInterval: 60_000,
  });
  return (
    <PageShell title={t("report.keying.title")} note={t("report.keying.note")} actions={<Days />}>
      <DetailShell query={report}>
        {(data) => (
          <>
            <Section title={t("report.keying.figures")}>
              <Figures report={data} />
            </Section>
            <Section title={t("report.keying.people")} flush>
              <Keyers keyers={data.people} />
            </Section>
          </>
        )}
      </DetailShell>
    </PageShell>
  );
}

/** First and last day, kept in the address; empty means today. */
function Days() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const day = (name: "from" | "to", text: TextKey) => (
    <label className="sn-row">
      {t(text)}
      <Input
        type="date"
        value={search.get(name) ?? ""}
        onChange={(event) =>
          setSearch(
            (current) => {
              if (event.target.value === "") current.delete(name);
              else current.set(name, event.target.value);
              return current;
            },
            { replace: true },
          )
        }
      />
    </label>
  );
  return (
    <div className="sn-row">
      {day("from", "report.from")}
      {day("to", "report.to")}
    </div>
  );
}

const rate = (value: number | null) => (value === null ? "—" : formatCount(value));

function Figures({ report }: { report: KeyingReport }) {
  const { t } = useTranslation();
  const figures: [TextKey, number | null][] = [
    ["report.keying.entries", report.single.entries],
    ["report.keying.single", report.single_error_per_10000],
    ["report.keying.third", report.third_error_per_10000],
    ["report.keying.seeded", report.seeded_error_per_10000],
    ["report.keying.fields", report.fields],
    ["report.keying.toThird", report.to_third],
    ["report.keying.toChecker", report.to_checker],
  ];
  return (
    <>
      <dl className="sn-figures">
        {figures.map(([text, value]) => (
          <div key={text}>
            <dt>{t(text)}</dt>
            <dd className="sn-number">{rate(value)}</dd>
          </div>
        ))}
      </dl>
      {report.fields === null && <p className="sn-faint sn-small">{t("report.keying.vendorOnly")}</p>}
    </>
  );
}

function Keyers({ keyers }: { keyers: KeyerLine[] }) {
  const { t } = useTranslation();
  const { can } = useSession();
  if (keyers.length === 0) return <EmptyState title={t("report.keying.none")} hint={t("report.keying.none.hint")} />;
  const worst = Math.max(1, ...keyers.map((keyer) => keyer.error_per_10000 ?? 0));
  const vendors = keyers.some((keyer) => keyer.vendor !== null);
  const number = (value: number | null) => <span className="sn-number">{rate(value)}</span>;
  const columns: Column<KeyerLine>[] = [
    {
      key: "person",
      title: t("report.keying.person"),
      render: ({ person }) => (
        <>
          {can("organization.view") ? <Link to={paths.person(person.person_id)}>{person.name}</Link> : person.name}{" "}
          <span className="sn-faint sn-number sn-small">{person.employee_no}</span>
        </>
      ),
    },
    ...(vendors ? [{ key: "vendor", title: t("report.keying.vendor"), render: (keyer: KeyerLine) => keyer.vendor ?? "—" }] : []),
    { key: "entries", title: t("report.keying.entries"), align: "end", render: (keyer) => number(keyer.keyed.entries) },
    { key: "wrong", title: t("report.keying.wrong"), align: "end", render: (keyer) => number(keyer.keyed.wrong) },
    { key: "open", title: t("report.keying.open"), align: "end", render: (keyer) => number(keyer.keyed.open) },
    { key: "rate", title: t("report.keying.rate"), align: "end", render: (keyer) => number(keyer.error_per_10000) },
    {
      key: "bar",
      title: t("report.keying.bar"),
      titleHidden: true,
      width: "140px",
      // The figure stands beside it; the bar is for who compares at a glance.
      render: (keyer) => <progress className="sn-rate" aria-hidden="true" max={worst} value={keyer.error_per_10000 ?? 0} />,
    },
    { key: "seeded", title: t("report.keying.seededEntries"), align: "end", render: (keyer) => number(keyer.seeded.entries) },
    { key: "seededRate", title: t("report.keying.seededRate"), align: "end", render: (keyer) => number(keyer.seeded_error_per_10000) },
    { key: "speed", title: t("report.keying.perHour"), align: "end", render: (keyer) => number(keyer.fields_per_hour) },
  ];
  return <Rows label={t("report.keying.people")} rows={keyers} columns={columns} rowKey={(keyer) => keyer.person.person_id} />;
}
