// What an authorizer answers for: which transaction, how much, from whom to whom.

import { useTranslation } from "react-i18next";
import type { AuthorizeTask, CheckField } from "@/api/types";
import { formatMoney } from "@/kit/amount";
import { useLanguage } from "@/kit/language";
import { fromCapital } from "../entry/capital";
import { shownValue } from "../frame/ReadOnlyFields";

export function BigThree({ task }: { task: AuthorizeTask | null }) {
  const { t } = useTranslation();
  const { nameOf, pick } = useLanguage();
  const parties = (task?.fields ?? []).filter(isParty);
  return (
    <div className="aut-three">
      <section aria-label={t("authorizing.transaction")}>
        <h2>{t("authorizing.transaction")}</h2>
        <p className="aut-big">{task === null ? "" : nameOf(task.item.business_type)}</p>
        <p className="st-faint">{task === null ? "" : nameOf(task.item.institution)}</p>
      </section>
      <section aria-label={t("authorizing.amount")}>
        <h2>{t("authorizing.amount")} <CapitalVerdict task={task} /></h2>
        <p className="aut-big st-number">{task === null ? "" : formatMoney(task.amount)}</p>
        <p lang="zh-CN">{task?.amount_capital ?? ""}</p>
      </section>
      <section aria-label={t("authorizing.party")}>
        <h2>{t("authorizing.party")} <AccountVerdict task={task} /></h2>
        <dl className="aut-party">
          {parties.map((field) => (
            <div key={field.code}>
              <dt>{nameOf(field)}</dt>
              <dd>{shownValue(field)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="aut-because" aria-label={t("authorizing.because")}>
        <h2>{t("authorizing.because")}</h2>
        <p>{pick(task?.required_because.zh, task?.required_because.en) ?? ""}</p>
      </section>
    </div>
  );
}

/** Names and accounts say who pays and who is paid, whatever a definition calls them. */
function isParty(field: CheckField): boolean {
  return field.kind === "name" || field.kind === "account";
}

/** What the big three show already. */
export function isAmongTheBig(field: CheckField): boolean {
  return isParty(field) || field.kind === "amount" || field.kind === "capital_amount";
}

/** Whether the keyed capital amount means the amount in figures. */
function CapitalVerdict({ task }: { task: AuthorizeTask | null }) {
  const { t } = useTranslation();
  const capital = task?.fields.find((field) => field.kind === "capital_amount")?.value;
  if (task === null || capital === undefined || capital === null) return null;
  const same = fromCapital(capital)?.toString() === task.amount.minor;
  return <span className={same ? "st-chip st-chip-good" : "st-chip st-chip-bad"}>{t(same ? "authorizing.capital.same" : "authorizing.capital.differs")}</span>;
}

/** What a core says of an account; a word that is not known here is shown as it came. */
const STATUSES = ["active", "stop_payment", "frozen", "closed", "unknown"] as const;

function AccountVerdict({ task }: { task: AuthorizeTask | null }) {
  const { t } = useTranslation();
  const account = task?.account;
  if (account === null || account === undefined) return null;
  const status = STATUSES.find((known) => known === account.status);
  const words = status === undefined ? account.status : t(`authorizing.account.${status}`);
  const tone = account.name_match === "match" ? "st-chip-good" : account.name_match === "mismatch" ? "st-chip-bad" : "st-chip-warn";
  return (
    <>
      <span className={status === undefined || status === "active" ? "st-chip" : "st-chip st-chip-bad"}>{t("authorizing.account", { status: words })}</span>{" "}
      <span className={`st-chip ${tone}`}>{t(`authorizing.name.${account.name_match}`)}</span>
    </>
  );
}
