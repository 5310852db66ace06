// What lies behind the slice in hand, and one's own day. Own numbers only.

import { useTranslation } from "react-i18next";
import type { Lease } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { formatPermille } from "@/kit/time";
import { useStation } from "../work/StationContext";

export function Ticker({ repaired }: { repaired: number }) {
  const { t } = useTranslation();
  const { state, day } = useStation();
  const { today } = day;
  const shown = <T,>(value: T | null | undefined, as: (value: T) => string) => (value === null || value === undefined ? t("station.day.none") : as(value));
  return (
    <section className="key-ticker" aria-label={t("keying.next")}>
      <ol className="key-upcoming" aria-label={t("keying.next")}>
        {[0, 1].map((index) => (
          <Upcoming key={index} lease={state.upcoming[index] ?? null} />
        ))}
      </ol>
      <dl className="st-figures">
        <Figure name={t("station.day.done")} value={String(day.done)} />
        <Figure name={t("station.day.perHour")} value={shown(today?.per_hour, String)} />
        <Figure name={t("station.day.accuracy")} value={shown(today?.accuracy_permille, formatPermille)} />
      </dl>
      <p className="key-repaired st-faint">{repaired > 0 ? t("keying.repaired", { count: repaired }) : ""}</p>
    </section>
  );
}

/** The kind of what comes, not its image: two slices of one voucher never lie side by side. */
function Upcoming({ lease }: { lease: Lease | null }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const field = lease?.task.kind === "slice" ? lease.task.field : null;
  return (
    <li>
      <span className="st-faint">{t("keying.next")}</span> {field === null ? t("keying.next.none") : nameOf(field)}
    </li>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
