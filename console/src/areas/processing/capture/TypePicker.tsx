// The business types that an outlet may take, on Alt+1 to Alt+9.
import { useTranslation } from "react-i18next";
import type { BusinessType } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useLanguage } from "@/kit/language";
import { EmptyState } from "@/kit/States";

interface TypePickerProps {
  types: BusinessType[];
  chosen: string | undefined;
  onChoose: (type: BusinessType) => void;
}

export function TypePicker({ types, chosen, onChoose }: TypePickerProps) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  useKeys(
    "page",
    types.slice(0, 9).map((type, index) => ({
      id: `capture.type.${String(index + 1)}`,
      label: nameOf(type),
      keys: [`Alt+Digit${String(index + 1)}`],
      run: () => onChoose(type),
    })),
  );
  if (types.length === 0) return <EmptyState title={t("capture.type.none")} hint={t("capture.type.none.hint")} />;
  return (
    <ul className="sn-types" aria-label={t("capture.type")}>
      {types.map((type, index) => (
        <li key={type.code}>
          <button type="button" className="sn-type" aria-pressed={type.code === chosen} onClick={() => onChoose(type)}>
            {index < 9 && <kbd>Alt+{index + 1}</kbd>}
            <span className="sn-type-name">{nameOf(type)}</span>
            <span className="sn-faint sn-small">{t("capture.type.limit", { minutes: type.time_limit_minutes })}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
