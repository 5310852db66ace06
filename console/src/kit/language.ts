// Picking the side of what the server sends in both languages.
import { useTranslation } from "react-i18next";

export type Language = "zh" | "en";

export interface Named {
  name_zh: string;
  name_en: string;
}

export interface Worded {
  text_zh: string;
  text_en: string;
}

/** The language in use, and readers for what comes in two. */
export function useLanguage() {
  const { i18n } = useTranslation();
  const language: Language = i18n.language.startsWith("en") ? "en" : "zh";
  return {
    language,
    nameOf: (named: Named) => (language === "zh" ? named.name_zh : named.name_en),
    textOf: (worded: Worded) => (language === "zh" ? worded.text_zh : worded.text_en),
    pick: (zh: string | null | undefined, en: string | null | undefined) => (language === "zh" ? zh : en) ?? undefined,
  };
}
