// The columns that lists of items share.
import type { TFunction } from "i18next";
import { Link } from "react-router";
import type { Item } from "@/api/types";
import { DateTime, DueIn } from "@/kit/DateTime";
import type { Named } from "@/kit/language";
import { MoneyText } from "@/kit/Money";
import type { Column } from "@/kit/QueryTable";
import { StageTrack } from "@/kit/StageTrack";
import { OverdueBadge, StateBadge } from "@/kit/StateBadge";
import { paths } from "@/paths";

type T = TFunction<"texts">;

/** States after which no time limit runs. */
const over: ReadonlySet<string> = new Set(["posted", "confirmed", "refused", "withdrawn", "draft"]);

export function itemColumns(t: T, nameOf: (named: Named) => string): Record<"no" | "type" | "institution" | "amount" | "state" | "progress" | "submitted" | "due" | "reason", Column<Item>> {
  return {
    no: { key: "no", title: t("items.no"), render: (item) => <Link to={paths.item(item.item_id)} tabIndex={-1} className="sn-number">{item.item_no}</Link> },
    type: { key: "type", title: t("items.type"), render: (item) => nameOf(item.business_type) },
    institution: { key: "institution", title: t("items.institution"), render: (item) => nameOf(item.institution), wideOnly: true },
    amount: { key: "amount", title: t("items.amount"), align: "end", render: (item) => <MoneyText value={item.amount} /> },
    state: {
      key: "state",
      title: t("items.state"),
      render: (item) => (
        <span className="sn-row">
          <StateBadge state={item.state} />
          {item.overdue && !over.has(item.state) && <OverdueBadge />}
        </span>
      ),
    },
    progress: { key: "progress", title: t("items.progress"), render: (item) => <StageTrack item={item} compact /> },
    submitted: { key: "submitted", title: t("items.submitted"), render: (item) => <DateTime value={item.submitted_at} /> },
    due: { key: "due", title: t("items.due"), render: (item) => (over.has(item.state) ? "—" : <DueIn due={item.due_at} overdue={item.overdue} />) },
    reason: {
      key: "reason",
      title: t("returned.reason"),
      render: (item) =>
        item.reason === null || item.reason === undefined ? "—" : `${nameOf(item.reason)}${(item.reason.note ?? "") === "" ? "" : `：${item.reason.note ?? ""}`}`,
    },
  };
}
