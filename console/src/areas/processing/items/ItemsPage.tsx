// The items that the person may see, with live stage; filters live in the address, so that a list can be passed on.
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { readBusinessTypes, readItems } from "@/api/processing";
import { useMe, useSession } from "@/api/session";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable } from "@/kit/QueryTable";
import { itemStates } from "@/kit/StateBadge";
import { paths } from "@/paths";
import { itemColumns } from "./columns";

export default function ItemsPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { can } = useSession();
  const me = useMe();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const filter = {
    state: search.get("state") ?? undefined,
    business_type: search.get("business_type") ?? undefined,
    q: search.get("q") ?? undefined,
    mine: search.get("mine") === "true" ? true : undefined,
  };
  const columns = itemColumns(t, nameOf);
  const ownOnly = me.institution.class === "outlet";
  return (
    <PageShell
      title={t("items.title")}
      {...(ownOnly ? { note: t("items.note.outlet") } : {})}
      actions={can("item.capture") && <Button onClick={() => void navigate(paths.capture())}>{t("menu.capture")}</Button>}
    >
      <QueryTable
        label={t("items.title")}
        queryKey={["items", filter]}
        load={(cursor, limit, signal) => readItems(filter, cursor, limit, signal)}
        columns={[
          columns.no, columns.type, ...(ownOnly ? [] : [columns.institution]), columns.amount, columns.state, columns.progress, columns.submitted, columns.due,
        ]}
        rowKey={(item) => item.item_id}
        onOpen={(item) => void navigate(paths.item(item.item_id))}
        empty={{ title: t("items.empty"), hint: t("items.empty.hint") }}
        refreshSeconds={15}
        toolbar={<Filters />}
      />
    </PageShell>
  );
}

function Filters() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { nameOf } = useLanguage();
  const [search, setSearch] = useSearchParams();
  const types = useQuery({ queryKey: ["business-types"], queryFn: ({ signal }) => readBusinessTypes(signal), staleTime: 5 * 60_000 });
  const set = (name: string, value: string | undefined) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === undefined || value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  return (
    <>
      <Input.Search
        key={search.get("q") ?? ""}
        className="sn-filter"
        allowClear
        defaultValue={search.get("q") ?? ""}
        placeholder={t("items.search")}
        aria-label={t("items.search")}
        onSearch={(value) => set("q", value.trim())}
      />
      <Select
        className="sn-filter"
        allowClear
        placeholder={t("items.state")}
        aria-label={t("items.state")}
        value={search.get("state")}
        options={itemStates.map((state) => ({ value: state, label: t(`state.${state}`) }))}
        onChange={(value: string | undefined) => set("state", value)}
      />
      <Select
        className="sn-filter"
        allowClear
        placeholder={t("items.type")}
        aria-label={t("items.type")}
        value={search.get("business_type")}
        options={(types.data ?? []).map((type) => ({ value: type.code, label: nameOf(type) }))}
        onChange={(value: string | undefined) => set("business_type", value)}
      />
      {can("item.capture") && (
        <Checkbox checked={search.get("mine") === "true"} onChange={(event) => set("mine", event.target.checked ? "true" : undefined)}>
          {t("items.mine")}
        </Checkbox>
      )}
      {search.size > 0 && (
        <Button type="link" onClick={() => setSearch({})}>
          {t("action.clear")}
        </Button>
      )}
    </>
  );
}
