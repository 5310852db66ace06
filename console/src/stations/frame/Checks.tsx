// What the system compared already: failures in words, passes in one line.

import { useTranslation } from "react-i18next";
import type { CheckResult } from "@/api/types";
import { useLanguage } from "@/kit/language";

export function Checks({ checks }: { checks: readonly CheckResult[] }) {
  const { t } = useTranslation();
  const { textOf } = useLanguage();
  const failed = checks.filter((check) => check.outcome === "failed");
  const passed = checks.filter((check) => check.outcome === "passed").length;
  return (
    <ul className="st-checks">
      {failed.map((check) => (
        <li key={check.rule} className="st-bad">
          <span aria-hidden="true">✕</span> {textOf(check)}
        </li>
      ))}
      {passed > 0 && (
        <li className="st-good">
          <span aria-hidden="true">✓</span> {t("authorizing.checks.passed", { count: passed })}
        </li>
      )}
    </ul>
  );
}
