// Every text of the console: flat keys, Chinese and English side by side per area, merged here.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { pseudoTexts, wantsPseudo } from "./pseudo";
import * as common from "./common";
import * as identity from "./identity";
import * as journal from "./journal";
import * as keys from "./keys";
import * as organization from "./organization";
import * as processing from "./processing";
import * as reports from "./reports";
import * as shell from "./shell";
import { en as stationsEn } from "./stations.en";
import { zh as stationsZh } from "./stations.zh";
import * as work from "./work";

export const zh = {
  ...common.zh, ...shell.zh, ...identity.zh, ...processing.zh, ...work.zh, ...organization.zh, ...journal.zh, ...stationsZh, ...keys.zh, ...reports.zh,
} as const;

export const en: Record<keyof typeof zh, string> = {
  ...common.en, ...shell.en, ...identity.en, ...processing.en, ...work.en, ...organization.en, ...journal.en, ...stationsEn, ...keys.en, ...reports.en,
};

export type TextKey = keyof typeof zh;

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "texts";
    keySeparator: false;
    nsSeparator: false;
    resources: { texts: Record<TextKey, string> };
  }
}

/** Starts the texts in a language; Chinese is what missing ones fall back to. */
export function startTexts(language: "zh" | "en", search = window.location.search): void {
  const shown = <T extends Record<TextKey, string>>(texts: T) => (wantsPseudo(search) ? pseudoTexts(texts) : texts);
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "zh",
    ns: ["texts"],
    defaultNS: "texts",
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    resources: { zh: { texts: shown(zh) }, en: { texts: shown(en) } },
    initAsync: false,
  });
}
