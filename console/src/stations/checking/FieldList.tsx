// All fields of the item: the open ones first, those keyed alike folded into one green line.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckField } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { keepFocus } from "../frame/focus";
import type { Settling } from "./useSettling";

export function FieldList({ settling }: { settling: Settling }) {
  const { t } = useTranslation();
  const [unfolded, setUnfolded] = useState(false);
  const { open, agreed, left } = settling;
  return (
    <section className="chk-list" aria-label={t("review.fields")}>
      <div className="chk-count">
        <h2 className={left.length === 0 ? "st-good" : ""}>
          <span role="status">{left.length === 0 ? t("checking.open.none") : t("checking.open", { count: left.length })}</span>
        </h2>
      </div>
      <ul>
        {open.map((field) => <Row key={field.code} field={field} settling={settling} />)}
      </ul>
      {agreed.length > 0 && (
        <button type="button" className="chk-agreed" aria-expanded={unfolded} onMouseDown={keepFocus} onClick={() => setUnfolded(!unfolded)}>
          <span>{t("checking.agreed", { count: agreed.length })}</span>
          <span className="st-faint">{unfolded ? t("checking.agreed.hide") : t("checking.agreed.show")}</span>
        </button>
      )}
      {unfolded && <ul>{agreed.map((field) => <Row key={field.code} field={field} settling={settling} />)}</ul>}
    </section>
  );
}

function Row({ field, settling }: { field: CheckField; settling: Settling }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const row = useRef<HTMLLIElement>(null);
  const settled = settling.settlement[field.code];
  const active = settling.active?.code === field.code;
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const confirmed = settled?.confirmed === true;
  return (
    <li ref={row} className={active ? "chk-row chk-row-on" : "chk-row"}>
      <button type="button" tabIndex={-1} aria-current={active ? "true" : undefined} onMouseDown={keepFocus} onClick={() => settling.go(field.code)}>
        <span className={confirmed ? "chk-mark st-good" : "chk-mark st-warn"}>{confirmed ? "✓" : "!"}</span>
        <span className="chk-row-name">{nameOf(field)}</span>
        <span className="chk-row-value">{settled?.value ?? ""}</span>
        <span className="st-faint">{t(confirmed ? "checking.confirmed" : "checking.unconfirmed")}</span>
      </button>
    </li>
  );
}
