// The whole console: what surrounds every page, then the pages.
import { StyleProvider } from "@ant-design/cssinjs";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { ApiProblem } from "@/api/client";
import { SessionProvider } from "@/api/session";
import { KeyRouterProvider } from "@/keys/KeyRouterProvider";
import { fetchPagesAhead, router } from "@/routes";
import { OwnKeys } from "@/shell/OwnKeys";
import { themeFor } from "@/styles/theme.mjs";
import { usePreferences } from "@/kit/preferences";

/** A refusal stays a refusal; a fault or a dropped line is worth another try. */
const worthRetrying = (count: number, error: Error) => count < 2 && !(error instanceof ApiProblem && error.status < 500);

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // `always`: what the browser believes of its line is less true than a request's outcome.
      queries: { retry: worthRetrying, staleTime: 2_000, networkMode: "always", refetchOnWindowFocus: true },
      mutations: { networkMode: "always" },
    },
  });
}

/** Menus and dialogs open here; outside the body proper they need no style of their own to lock scrolling. */
function layers(): HTMLElement {
  const layer = document.getElementById("layers");
  if (layer === null) throw new Error("index.html has an element with the id layers");
  return layer;
}

/** antd writes its variables into an element that is never shown: the same ones come from the built style sheet. */
const unseen = document.createElement("div");

/** What was asked for first has come by then. */
const AHEAD_AFTER_MS = 4000;

export function App() {
  const { i18n } = useTranslation();
  const { language, mode, density } = usePreferences();
  const [client] = useState(newQueryClient);
  const theme = useMemo(() => themeFor(mode, density), [mode, density]);
  useEffect(() => {
    void i18n.changeLanguage(language);
  }, [i18n, language]);
  useEffect(() => {
    const timer = window.setTimeout(() => void fetchPagesAhead(), AHEAD_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <StyleProvider container={unseen}>
      <ConfigProvider theme={theme} locale={language === "zh" ? zhCN : enUS} getPopupContainer={layers} button={{ autoInsertSpace: false }}>
        <AntApp component={false}>
          <QueryClientProvider client={client}>
            <KeyRouterProvider>
              <SessionProvider>
                <OwnKeys>
                  <RouterProvider router={router} />
                </OwnKeys>
              </SessionProvider>
            </KeyRouterProvider>
          </QueryClientProvider>
        </AntApp>
      </ConfigProvider>
    </StyleProvider>
  );
}
