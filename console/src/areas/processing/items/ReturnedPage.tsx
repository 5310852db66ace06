// What the center sent back, and what waits for the outlet's confirmation.
import { Button, Segmented } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { readItems } from "@/api/processing";
import type { Item } from "@/api/types";
import { DateTime } from "@/kit/DateTime";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { paths } from "@/paths";
import { itemColumns } from "./columns";

const kinds = ["returned", "rescan", "posted"] as const;
type Kind = (typeof kinds)[number];

export default function ReturnedPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const kind: Kind = kinds.find((one) => one === search.get("state")) ?? "returned";
  const shared = itemColumns(t, nameOf);
  const confirming = kind === "posted";
  const open = (item: Item) => void navigate(confirming ? paths.item(item.item_id) : paths.captureItem(item.item_id));
  const act: Column<Item> = {
    key: "act",
    title: t("table.acts"),
    titleHidden: true,
    align: "end",
    render: (item) => (
      <Button size="small" onClick={() => open(item)}>
        {t(confirming ? "act.confirm" : "item.fix")}
      </Button>
    ),
  };
  const updated: Column<Item> = { key: "at", title: t("returned.at"), render: (item) => <DateTime value={item.updated_at} /> };
  return (
    <PageShell title={t("returned.title")} note={t("returned.note")}>
      <QueryTable
        label={t("returned.title")}
        queryKey={["items", "returned", kind]}
        load={(cursor, limit, signal) => readItems({ state: kind }, cursor, limit, signal)}
        columns={[shared.no, shared.type, shared.amount, ...(confirming ? [shared.submitted] : [shared.reason, updated]), act]}
        rowKey={(item) => item.item_id}
        onOpen={open}
        empty={{ title: t("returned.empty"), hint: t("returned.empty.hint") }}
        refreshSeconds={15}
        toolbar={
          <Segmented
            aria-label={t("items.state")}
            value={kind}
            options={[
              { value: "returned", label: t("returned.returned") },
              { value: "rescan", label: t("returned.rescan") },
              { value: "posted", label: t("returned.confirm") },
            ]}
            onChange={(value) => setSearch({ state: value })}
          />
        }
      />
    </PageShell>
  );
}
