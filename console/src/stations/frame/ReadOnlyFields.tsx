// The item's fields to look at, not to change; going from one to the next moves the image with it.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckField, TaskPage } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { formatMinor } from "@/kit/amount";
import { useLanguage } from "@/kit/language";
import { groupedByFour, minorOf } from "../entry/figures";
import { shownState } from "./fieldState";
import { keepFocus } from "./focus";

interface Props {
  title: string;
  fields: readonly CheckField[];
  active: CheckField | null;
  onActive: (field: CheckField) => void;
}

export function ReadOnlyFields({ title, fields, active, onActive }: Props) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const list = useRef<HTMLUListElement>(null);
  const at = fields.findIndex((field) => field.code === active?.code);
  const step = (by: number) => {
    const field = fields[at + by];
    if (field !== undefined) onActive(field);
  };
  useKeys("page", [
    { id: "fields.next", label: t("key.fields.next"), keys: ["ArrowDown", "Alt+ArrowDown"], run: () => step(1) },
    { id: "fields.previous", label: t("key.fields.previous"), keys: ["ArrowUp", "Alt+ArrowUp"], run: () => step(-1) },
  ]);
  useEffect(() => {
    list.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <section className="chk-list chk-read" aria-label={title}>
      <h2>{title}</h2>
      <ul ref={list}>
        {fields.map((field) => (
          <li key={field.code} className={field.code === active?.code ? "chk-row chk-row-on" : "chk-row"}>
            <button type="button" tabIndex={-1} aria-current={field.code === active?.code ? "true" : undefined} onMouseDown={keepFocus} onClick={() => onActive(field)}>
              <span className="chk-row-name">{nameOf(field)}</span>
              <span className="chk-row-value">{shownValue(field)}</span>
              <span className="st-faint">{t(`checking.state.${shownState(field)}`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The value as it is read: amounts with thousands, accounts by four. */
export function shownValue(field: CheckField): string {
  const value = field.value ?? "";
  if (field.kind === "account") return groupedByFour(value);
  const minor = field.kind === "amount" ? minorOf(value) : null;
  return minor === null ? value : formatMinor(minor.toString(), "CNY");
}

/** The field that is looked at, and the page it lies on. */
export function useFieldOnPage(id: string | null, pages: readonly TaskPage[]) {
  const [looked, setLooked] = useState<{ id: string | null; field: CheckField | null; at: number }>({ id, field: null, at: 0 });
  const now = looked.id === id ? looked : { id, field: null, at: 0 };
  return {
    active: now.field,
    at: now.at,
    onPage: (at: number) => setLooked({ id, field: null, at }),
    onActive: (field: CheckField) => {
      const page = pages.findIndex((each) => each.page_id === field.page_id);
      setLooked({ id, field, at: page < 0 ? now.at : page });
    },
  };
}
