// The frame of the pages in front of the door.
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "@/kit/LanguageSwitch";
import { setPreferences } from "@/kit/preferences";

export function EntranceShell({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  const { t } = useTranslation();
  const product = t("product.full");
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <div className="sn-entrance">
      <header className="sn-entrance-bar">
        <span className="sn-brand">{product}</span>
        <LanguageSwitch inverse onChange={(language) => setPreferences({ language })} />
      </header>
      <main className="sn-entrance-card">
        <h1>{title}</h1>
        {note !== undefined && <p className="sn-faint">{note}</p>}
        {children}
      </main>
      <footer className="sn-entrance-foot">{t("signIn.notice")}</footer>
    </div>
  );
}
