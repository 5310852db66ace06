// The head and body of every office page.
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

interface PageShellProps {
  title: string;
  /** One line below the title: what this page is for, or what is special now. */
  note?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** The page above this one. */
  back?: { to: string; label: string };
  children: ReactNode;
}

export function PageShell({ title, note, actions, back, children }: PageShellProps) {
  const { t } = useTranslation();
  const product = t("product.name");
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <div className="sn-page">
      <header className="sn-page-head">
        <div>
          {back !== undefined && (
            <Link to={back.to} className="sn-back">
              ← {back.label}
            </Link>
          )}
          <h1>{title}</h1>
          {note !== undefined && <p className="sn-faint">{note}</p>}
        </div>
        {actions !== undefined && <div className="sn-page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A titled box on a page. */
export function Section({ title, extra, children, flush = false }: { title: string; extra?: ReactNode; children: ReactNode; flush?: boolean }) {
  return (
    <section className="sn-section" aria-label={title}>
      <header className="sn-section-head">
        <h2>{title}</h2>
        {extra}
      </header>
      <div className={flush ? "sn-section-flush" : "sn-section-body"}>{children}</div>
    </section>
  );
}
