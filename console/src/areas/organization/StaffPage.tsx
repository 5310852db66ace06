// People: found by name, number or institution.
import { Input, Tag } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { readStaff } from "@/api/organization";
import type { StaffMember } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { paths } from "@/paths";
import { InstitutionSelect } from "./InstitutionSelect";

export default function StaffPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const filter = { q: search.get("q") ?? undefined, institution: search.get("institution") ?? undefined };
  const set = (name: string, value: string | undefined) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === undefined || value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  const columns: Column<StaffMember>[] = [
    { key: "no", title: t("staff.employeeNo"), render: (row) => <span className="sn-number">{row.employee_no}</span> },
    { key: "name", title: t("staff.name"), render: (row) => row.name },
    { key: "category", title: t("staff.category"), render: (row) => t(`category.${row.category}`) },
    { key: "institution", title: t("staff.institution"), render: (row) => nameOf(row.institution) },
    {
      key: "posts",
      title: t("staff.posts"),
      render: (row) =>
        row.posts.length === 0 ? <span className="sn-faint">{t("staff.posts.none")}</span> : row.posts.map((post) => <Tag key={`${post.post_id}-${post.institution.institution_id}`}>{nameOf(post)}</Tag>),
    },
  ];
  return (
    <PageShell title={t("staff.title")} note={t("staff.note")}>
      <QueryTable
        label={t("staff.title")}
        queryKey={["staff", filter]}
        load={(cursor, limit, signal) => readStaff(filter, { cursor, limit }, signal)}
        columns={columns}
        rowKey={(row) => row.person_id}
        onOpen={(row) => void navigate(paths.person(row.person_id))}
        empty={{ title: t("staff.empty"), hint: t("staff.empty.hint") }}
        toolbar={
          <>
            <Input.Search
              key={filter.q ?? ""}
              className="sn-filter"
              allowClear
              defaultValue={filter.q ?? ""}
              placeholder={t("staff.search")}
              aria-label={t("staff.search")}
              onSearch={(value) => set("q", value.trim())}
            />
            <InstitutionSelect label={t("staff.institution")} value={filter.institution} onChange={(value) => set("institution", value)} />
          </>
        }
      />
    </PageShell>
  );
}
