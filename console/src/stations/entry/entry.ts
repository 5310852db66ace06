// How one keyed entry is read: what is sent, what is echoed, and whether something about it deserves a second look.
// Blind keying types what is seen, so only the impossible is refused; the improbable is asked about once and then taken.

import type { FieldKind } from "@/api/types";
import { bankCodeFits, citizenIdFits, dateOf, groupedByFour, isFigures, minorOf, thousands } from "./figures";
import { fromCapital, toCapital } from "./capital";

export interface EntryField {
  kind: FieldKind;
  required: boolean;
  max_length: number;
}

/** Why an entry is not sent yet; each has its sentence in the catalogs. */
export type EntryFault = "empty" | "too_long" | "not_an_amount" | "not_a_count";
export type EntryDoubt = "no_such_date" | "bank_code" | "citizen_id" | "capital_amount";

export interface Reading {
  /** What goes to the server. */
  value: string;
  /** Lines shown beside the field. */
  echo: readonly string[];
  fault: EntryFault | null;
  doubt: EntryDoubt | null;
}

export function readEntry(field: EntryField, typed: string): Reading {
  const text = typed.trim();
  if (text === "") return { value: "", echo: [], fault: field.required ? "empty" : null, doubt: null };
  const reading = read(field, text);
  return Array.from(reading.value).length > field.max_length ? { ...reading, fault: "too_long" } : reading;
}

const plain = (value: string, echo: readonly string[] = []): Reading => ({ value, echo, fault: null, doubt: null });

function read(field: EntryField, text: string): Reading {
  switch (field.kind) {
    case "amount": {
      const minor = minorOf(text);
      if (minor === null) return { ...plain(text), fault: "not_an_amount" };
      const capital = toCapital(minor);
      return plain(thousands(minor).replaceAll(",", ""), [thousands(minor), ...(capital === null ? [] : [capital])]);
    }
    case "capital_amount": {
      const minor = fromCapital(text);
      return minor === null ? { ...plain(text), doubt: "capital_amount" } : plain(text, [`¥${thousands(minor)}`]);
    }
    case "date": {
      // A month's name shows itself; the server reads it.
      if (/[a-z]/i.test(text)) return plain(text);
      const date = dateOf(text);
      return date === null ? { ...plain(text), doubt: "no_such_date" } : plain(date, [date]);
    }
    case "account":
      return plain(text.replace(/\s/g, ""), [groupedByFour(text)]);
    case "bank_code": {
      const code = text.replace(/\s/g, "");
      return { ...plain(code, [groupedByFour(code)]), doubt: bankCodeFits(code) ? null : "bank_code" };
    }
    case "id_number": {
      const id = text.replace(/\s/g, "").toUpperCase();
      const looksLikeCitizen = /^\d{17}[\dX]$/.test(id);
      return { ...plain(id, [groupedByFour(id)]), doubt: looksLikeCitizen && !citizenIdFits(id) ? "citizen_id" : null };
    }
    case "count":
      return /^\d+$/.test(text) ? plain(text) : { ...plain(text), fault: "not_a_count" };
    case "name":
    case "text":
      return plain(text);
  }
}

/** The attributes that keep an input method out of figures, as far as a page can. */
export function inputAttributes(kind: FieldKind) {
  return isFigures(kind)
    ? ({ inputMode: "decimal", lang: "en" } as const)
    : ({ inputMode: "text", lang: "zh-CN" } as const);
}
