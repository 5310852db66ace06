// Which page lives at which address, and who may see it. Pages load when they are first opened.
import { lazy, Suspense, type ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import type { Action } from "@/api/types";
import { LoadingState } from "@/kit/States";
import { paths } from "@/paths";
import { RouteCrashed } from "@/shell/Boundary";
import { Needs, SignedIn, UnknownPage } from "@/shell/Gate";
import { OfficeShell } from "@/shell/OfficeShell";

type Load = () => Promise<{ default: ComponentType }>;

/** Of every page, so that it can be fetched before it is wanted. */
const loads: Load[] = [];

/** A lazily loaded page behind its permissions. */
function page(path: string, needs: readonly Action[], load: Load): RouteObject {
  const Page = lazy(load);
  loads.push(load);
  return {
    path,
    element: (
      <Needs one={needs}>
        <Suspense fallback={<LoadingState rows={8} />}>
          <Page />
        </Suspense>
      </Needs>
    ),
    errorElement: <RouteCrashed />,
  };
}

const keying: readonly Action[] = ["slice.key", "slice.key_third"];

const open: RouteObject[] = [
  page(paths.activation(), [], () => import("@/areas/identity/ActivationPage")),
  page(paths.password(), [], () => import("@/areas/identity/PasswordPage")),
  page(paths.signIn(), [], () => import("@/areas/identity/SignInPage")),
];

const office: RouteObject[] = [
  page(paths.home(), [], () => import("@/areas/home/HomePage")),
  page(paths.sessions(), [], () => import("@/areas/identity/SessionsPage")),
  page(paths.captureItem(":item?"), ["item.capture"], () => import("@/areas/processing/capture/CapturePage")),
  page(paths.items(), ["item.view"], () => import("@/areas/processing/items/ItemsPage")),
  page(paths.item(":item"), ["item.view"], () => import("@/areas/processing/items/ItemPage")),
  page(paths.trace(":item"), ["item.view"], () => import("@/areas/processing/items/TracePage")),
  page(paths.returned(), ["item.capture"], () => import("@/areas/processing/items/ReturnedPage")),
  page(paths.board(), ["work.supervise"], () => import("@/areas/work/BoardPage")),
  page(paths.work(), ["work.supervise"], () => import("@/areas/work/WorkItemsPage")),
  page(paths.institutions(), ["organization.view"], () => import("@/areas/organization/InstitutionsPage")),
  page(paths.staff(), ["organization.view"], () => import("@/areas/organization/StaffPage")),
  page(paths.person(":person"), ["organization.view"], () => import("@/areas/organization/PersonPage")),
  page(paths.posts(), ["organization.view"], () => import("@/areas/organization/PostsPage")),
  page(paths.keyingReport(), ["report.view"], () => import("@/areas/reports/KeyingReportPage")),
  page(paths.jobs(), ["job.view"], () => import("@/areas/jobs/DeadJobsPage")),
  page(paths.journal(), ["journal.view"], () => import("@/areas/journal/EntriesPage")),
];

/** Full screen, without the side menu. */
const stations: RouteObject[] = [
  page(paths.keying(), keying, () => import("@/stations/KeyingStation")),
  page(paths.checking(), ["item.check"], () => import("@/stations/CheckingStation")),
  page(paths.refusalReview(), ["item.review_refusal"], () => import("@/stations/RefusalReviewStation")),
  page(paths.authorizing(), ["item.authorize"], () => import("@/stations/AuthorizingStation")),
];

export const router = createBrowserRouter([
  ...open,
  {
    element: <SignedIn />,
    errorElement: <RouteCrashed />,
    children: [...stations, { element: <OfficeShell />, children: [...office, { path: "*", element: <UnknownPage /> }] }],
  },
]);

/** Fetches every page while nothing else is to do: who has begun the day goes on to another page with the line down, too. */
export async function fetchPagesAhead(): Promise<void> {
  for (const load of loads) await load().catch(() => undefined);
}
