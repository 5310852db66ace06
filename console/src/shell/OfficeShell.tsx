// The frame of the office pages: bar, side menu by permission, content; news from the work stream refreshes what is read.
import { useQueryClient } from "@tanstack/react-query";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";
import { useMe, useSession } from "@/api/session";
import { ConnectionLamp } from "@/kit/ConnectionLamp";
import { LoadingState } from "@/kit/States";
import { Watermark } from "@/kit/Watermark";
import { paths } from "@/paths";
import { useStreamEvents, useStreamState, WorkStreamProvider } from "@/stream/WorkStreamProvider";
import { AccountMenu } from "./AccountMenu";
import { Boundary } from "./Boundary";
import { DisplayMenu } from "./DisplayMenu";
import { homeEntry, menuFor, type MenuEntry } from "./menu";
import { useReturnNews } from "./useReturnNews";

export function OfficeShell() {
  return (
    <WorkStreamProvider mode="watch">
      <Frame />
    </WorkStreamProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const me = useMe();
  const { pathname } = useLocation();
  useRefreshOnNews();
  useReturnNews();
  return (
    <div className="sn-shell">
      <a className="sn-skip" href="#content">
        {t("shell.skip")}
      </a>
      <header className="sn-bar">
        <NavLink to={paths.home()} className="sn-brand">
          <Mark />
          {t("product.full")}
        </NavLink>
        <div className="sn-bar-end">
          <Lamp />
          <DisplayMenu />
          <AccountMenu />
        </div>
      </header>
      <SideMenu />
      <main id="content" className="sn-content" tabIndex={-1}>
        <Boundary place={pathname}>
          <Suspense fallback={<LoadingState rows={8} />}>
            <Outlet />
          </Suspense>
        </Boundary>
      </main>
      <Watermark words={`${me.name} ${me.employee_no}`} />
    </div>
  );
}

/** The product's sign. */
export function Mark() {
  return (
    <svg className="sn-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 4v24M6 10.5h20v10H6z" fill="none" stroke="currentColor" strokeWidth="3" strokeLinejoin="round" />
    </svg>
  );
}

function SideMenu() {
  const { t } = useTranslation();
  const { can } = useSession();
  return (
    <nav className="sn-menu" aria-label={t("menu.label")}>
      <ul>
        <Entry entry={homeEntry} />
      </ul>
      {menuFor(can).map((group) => (
        <section key={group.text} aria-labelledby={group.text}>
          <h2 id={group.text}>{t(group.text)}</h2>
          <ul>
            {group.entries.map((entry) => (
              <Entry key={entry.path} entry={entry} />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  const { t } = useTranslation();
  return (
    <li>
      <NavLink to={entry.path} end={entry.path === paths.home()}>
        <span aria-hidden="true">{entry.icon}</span>
        {t(entry.text)}
      </NavLink>
    </li>
  );
}

function Lamp() {
  const { lamp } = useStreamState();
  return <ConnectionLamp state={lamp} />;
}

/** A changed item or a changed board is read again at once; polling is only the fallback. */
function useRefreshOnNews() {
  const client = useQueryClient();
  useStreamEvents((event) => {
    if (event.type === "item") {
      void client.invalidateQueries({ queryKey: ["items"] });
      void client.invalidateQueries({ queryKey: ["item", event.item_id] });
    }
    if (event.type === "board") {
      void client.invalidateQueries({ queryKey: ["board"] });
      void client.invalidateQueries({ queryKey: ["work"] });
    }
  });
}
