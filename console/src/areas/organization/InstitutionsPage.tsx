// The bank's tree: one level at a time, with the way back up; or a search over all of it.
import { useQuery } from "@tanstack/react-query";
import { Breadcrumb, Button, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { readInstitution, readInstitutions } from "@/api/organization";
import type { Institution, InstitutionClass, InstitutionRef } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { paths } from "@/paths";

const classes: InstitutionClass[] = ["head_office", "province", "tier2_branch", "sub_branch", "outlet", "center", "sub_center"];

export default function InstitutionsPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const filter = { under: search.get("under") ?? undefined, class: search.get("class") ?? undefined, q: search.get("q") ?? undefined };
  const set = (name: string, value: string | undefined) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === undefined || value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  const columns: Column<Institution>[] = [
    { key: "code", title: t("institutions.code"), render: (row) => <span className="sn-number">{row.code}</span> },
    { key: "name", title: t("institutions.name"), render: (row) => <Link to={paths.institutions(row.institution_id)} tabIndex={-1}>{nameOf(row)}</Link> },
    { key: "class", title: t("institutions.class"), render: (row) => t(`class.${row.class}`) },
    { key: "cnaps", title: t("institutions.cnaps"), render: (row) => <span className="sn-number">{row.cnaps_code ?? "—"}</span> },
    { key: "children", title: t("institutions.children"), align: "end", render: (row) => <span className="sn-number">{row.children ?? "—"}</span> },
    {
      key: "staff",
      title: t("table.acts"),
      titleHidden: true,
      align: "end",
      render: (row) => (
        <Button size="small" tabIndex={-1} onClick={() => void navigate(paths.staff(row.institution_id))}>
          {t("institutions.staff")}
        </Button>
      ),
    },
  ];
  return (
    <PageShell title={t("institutions.title")} note={t("institutions.note")}>
      <Trail under={filter.under} />
      <QueryTable
        label={t("institutions.title")}
        queryKey={["institutions", filter]}
        load={(cursor, limit, signal) => readInstitutions(filter, { cursor, limit }, signal)}
        columns={columns}
        rowKey={(row) => row.institution_id}
        onOpen={(row) => void navigate(paths.institutions(row.institution_id))}
        empty={{ title: t("institutions.empty"), hint: t("institutions.empty.hint") }}
        toolbar={
          <>
            <Input.Search
              key={filter.q ?? ""}
              className="sn-filter"
              allowClear
              defaultValue={filter.q ?? ""}
              placeholder={t("institutions.search")}
              aria-label={t("institutions.search")}
              onSearch={(value) => set("q", value.trim())}
            />
            <Select
              className="sn-filter"
              allowClear
              placeholder={t("institutions.class.all")}
              aria-label={t("institutions.class")}
              value={filter.class ?? null}
              options={classes.map((one) => ({ value: one, label: t(`class.${one}`) }))}
              onChange={(value: string | undefined) => set("class", value)}
            />
          </>
        }
      />
    </PageShell>
  );
}

/** The way from the top to here. */
function Trail({ under }: { under: string | undefined }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const here = useQuery({ queryKey: ["institution-trail", under], queryFn: ({ signal }) => trailOf(under ?? "", signal), enabled: under !== undefined, staleTime: 60_000 });
  if (under === undefined) return null;
  return (
    <nav aria-label={t("institutions.path")}>
      <Breadcrumb
        items={[
          { title: <Link to={paths.institutions()}>{t("institutions.root")}</Link> },
          ...(here.data ?? []).map((one) => ({ title: one.institution_id === under ? nameOf(one) : <Link to={paths.institutions(one.institution_id)}>{nameOf(one)}</Link> })),
        ]}
      />
    </nav>
  );
}

/** From the head office down to `id`; a bank has six levels, so the loop is short and bounded. */
async function trailOf(id: string, signal: AbortSignal): Promise<InstitutionRef[]> {
  const trail: InstitutionRef[] = [];
  let next: string | undefined = id;
  for (let level = 0; level < 8 && next !== undefined; level += 1) {
    const one: Institution = await readInstitution(next, signal);
    trail.unshift(one);
    next = one.parent?.institution_id ?? undefined;
  }
  return trail;
}
