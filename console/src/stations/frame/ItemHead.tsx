// Which item this is: number, kind, sender, amount of time left. One line, always in the same place.

import { useTranslation } from "react-i18next";
import type { Item, Lease } from "@/api/types";
import { useNow } from "@/kit/DateTime";
import { useLanguage } from "@/kit/language";
import { formatSeconds, secondsBetween } from "@/kit/time";

export function ItemHead({ item, lease }: { item: Item | null; lease: Lease | null }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  return (
    <div className="st-head">
      <strong className="st-number">{item?.item_no ?? ""}</strong>
      <span className="st-head-type">{item === null ? "" : nameOf(item.business_type)}</span>
      <span className="st-faint st-head-from" title={item === null ? undefined : nameOf(item.institution)}>{item === null ? "" : nameOf(item.institution)}</span>
      <span className="st-grow" />
      {typeof lease?.due_at === "string" && <Due at={lease.due_at} overdue={lease.overdue} />}
      <span className="st-faint st-number st-head-wait">{lease === null ? "" : t("station.wait", { time: formatSeconds(lease.wait_seconds) })}</span>
    </div>
  );
}

function Due({ at, overdue }: { at: string; overdue: boolean }) {
  const { t } = useTranslation();
  const left = secondsBetween(useNow(5), at);
  const late = overdue || left < 0;
  return <span className={late ? "st-chip st-chip-bad" : "st-chip"}>{late ? t("station.overdue") : t("station.due", { time: formatSeconds(left) })}</span>;
}
