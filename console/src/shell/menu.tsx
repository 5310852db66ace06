// The person's areas: what their posts carry, in the order of the day's work.
import {
  ApartmentOutlined, AuditOutlined, BarChartOutlined, CheckSquareOutlined, DesktopOutlined, FileSearchOutlined, FormOutlined, HomeOutlined, LineChartOutlined,
  IdcardOutlined, InboxOutlined, KeyOutlined, RollbackOutlined, SafetyCertificateOutlined, ScheduleOutlined, StopOutlined, TeamOutlined, ToolOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { Action } from "@/api/types";
import { paths } from "@/paths";
import type { TextKey } from "@/texts";

export interface MenuEntry {
  text: TextKey;
  path: string;
  icon: ReactNode;
  /** One of these is enough; nobody needs anything for an empty list. */
  needs: readonly Action[];
}

export interface MenuGroup {
  text: TextKey;
  entries: readonly MenuEntry[];
}

const anyKeying: readonly Action[] = ["slice.key", "slice.key_third"];

export const menu: readonly MenuGroup[] = [
  {
    text: "menu.outlet",
    entries: [
      { text: "menu.capture", path: paths.capture(), icon: <InboxOutlined />, needs: ["item.capture"] },
      { text: "menu.items", path: paths.items(), icon: <FileSearchOutlined />, needs: ["item.view"] },
      { text: "menu.returned", path: paths.returned(), icon: <RollbackOutlined />, needs: ["item.capture"] },
    ],
  },
  {
    text: "menu.stations",
    entries: [
      { text: "menu.keying", path: paths.keying(), icon: <FormOutlined />, needs: anyKeying },
      { text: "menu.checking", path: paths.checking(), icon: <CheckSquareOutlined />, needs: ["item.check"] },
      { text: "menu.refusalReview", path: paths.refusalReview(), icon: <StopOutlined />, needs: ["item.review_refusal"] },
      { text: "menu.authorizing", path: paths.authorizing(), icon: <SafetyCertificateOutlined />, needs: ["item.authorize"] },
    ],
  },
  {
    text: "menu.supervision",
    entries: [
      { text: "menu.board", path: paths.board(), icon: <BarChartOutlined />, needs: ["work.supervise"] },
      { text: "menu.work", path: paths.work(), icon: <ScheduleOutlined />, needs: ["work.supervise"] },
    ],
  },
  {
    text: "menu.reports",
    entries: [{ text: "menu.keyingReport", path: paths.keyingReport(), icon: <LineChartOutlined />, needs: ["report.view"] }],
  },
  {
    text: "menu.organization",
    entries: [
      { text: "menu.institutions", path: paths.institutions(), icon: <ApartmentOutlined />, needs: ["organization.view"] },
      { text: "menu.staff", path: paths.staff(), icon: <TeamOutlined />, needs: ["organization.view"] },
      { text: "menu.posts", path: paths.posts(), icon: <IdcardOutlined />, needs: ["organization.view"] },
    ],
  },
  {
    text: "menu.system",
    entries: [
      { text: "menu.sessions", path: paths.sessions(), icon: <DesktopOutlined />, needs: [] },
      { text: "menu.jobs", path: paths.jobs(), icon: <ToolOutlined />, needs: ["job.view"] },
      { text: "menu.journal", path: paths.journal(), icon: <AuditOutlined />, needs: ["journal.view"] },
    ],
  },
];

export const homeEntry: MenuEntry = { text: "menu.home", path: paths.home(), icon: <HomeOutlined />, needs: [] };
export const passwordIcon = <KeyOutlined />;

/** The groups that are left for somebody who can do `can`. */
export function menuFor(can: (action: Action) => boolean): MenuGroup[] {
  return menu
    .map((group) => ({ ...group, entries: group.entries.filter((entry) => allowed(entry.needs, can)) }))
    .filter((group) => group.entries.length > 0);
}

export function allowed(needs: readonly Action[], can: (action: Action) => boolean): boolean {
  return needs.length === 0 || needs.some(can);
}
