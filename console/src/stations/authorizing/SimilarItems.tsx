// Vouchers that ask for the same amount for the same account: perhaps one payment, handed in twice.

import { useTranslation } from "react-i18next";
import type { AuthorizeTask } from "@/api/types";
import { useLanguage } from "@/kit/language";

export function SimilarItems({ task }: { task: AuthorizeTask | null }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  if (task === null || task.similar.length === 0) return null;
  return (
    <section className="aut-similar" aria-label={t("authorizing.similar", { days: task.similar_days, count: task.similar.length })}>
      <h2>{t("authorizing.similar", { days: task.similar_days, count: task.similar.length })}</h2>
      <ul>
        {task.similar.map((item) => (
          <li key={item.item_no}>
            <span className="st-number">{item.item_no}</span> <span className="st-number">{item.business_date}</span>
            <span className="aut-similar-from">{nameOf(item.institution)}</span> <span className="st-chip">{t(`state.${item.state}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
