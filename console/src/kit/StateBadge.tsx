// A state as icon and word: never color alone.
import {
  CheckCircleOutlined, ClockCircleOutlined, EditOutlined, ExclamationCircleOutlined, MinusCircleOutlined,
  PauseCircleOutlined, RollbackOutlined, StopOutlined, SyncOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BreakReason, ItemState, PresenceState } from "@/api/types";

export type Tone = "good" | "warn" | "bad" | "calm" | "busy";

/** Any short word with its sign. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: ReactNode; children: ReactNode }) {
  return (
    <span className={`sn-badge sn-badge-${tone}`}>
      <span aria-hidden="true">{icon}</span>
      {children}
    </span>
  );
}

const itemLook: Record<ItemState, { tone: Tone; icon: ReactNode }> = {
  draft: { tone: "calm", icon: <EditOutlined /> },
  submitted: { tone: "busy", icon: <ClockCircleOutlined /> },
  keying: { tone: "busy", icon: <SyncOutlined /> },
  checking: { tone: "busy", icon: <SyncOutlined /> },
  refusal_review: { tone: "warn", icon: <SyncOutlined /> },
  authorizing: { tone: "busy", icon: <SyncOutlined /> },
  posting: { tone: "busy", icon: <SyncOutlined /> },
  posted: { tone: "good", icon: <ExclamationCircleOutlined /> },
  confirmed: { tone: "good", icon: <CheckCircleOutlined /> },
  rescan: { tone: "warn", icon: <RollbackOutlined /> },
  returned: { tone: "warn", icon: <RollbackOutlined /> },
  refused: { tone: "bad", icon: <StopOutlined /> },
  withdrawn: { tone: "calm", icon: <MinusCircleOutlined /> },
  suspended: { tone: "warn", icon: <PauseCircleOutlined /> },
  post_failed: { tone: "bad", icon: <ExclamationCircleOutlined /> },
  confirm_failed: { tone: "bad", icon: <ExclamationCircleOutlined /> },
};

/** The life-cycle states of an item, in the order they are met. */
export const itemStates = Object.keys(itemLook) as ItemState[];

export function StateBadge({ state }: { state: ItemState }) {
  const { t } = useTranslation();
  const look = itemLook[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {t(`state.${state}`)}
    </Badge>
  );
}

const presenceLook: Record<PresenceState, { tone: Tone; icon: ReactNode }> = {
  signed_out: { tone: "calm", icon: <MinusCircleOutlined /> },
  ready: { tone: "good", icon: <CheckCircleOutlined /> },
  busy: { tone: "busy", icon: <SyncOutlined /> },
  wrap_up: { tone: "busy", icon: <ClockCircleOutlined /> },
  break: { tone: "warn", icon: <PauseCircleOutlined /> },
};

export function PresenceBadge({ state, reason }: { state: PresenceState; reason?: BreakReason | null | undefined }) {
  const { t } = useTranslation();
  const look = presenceLook[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {state === "break" && reason !== undefined && reason !== null ? t(`break.${reason}`) : t(`presence.${state}`)}
    </Badge>
  );
}

/** A late item, said in a word. */
export function OverdueBadge() {
  const { t } = useTranslation();
  return (
    <Badge tone="bad" icon={<ClockCircleOutlined />}>
      {t("due.overdue")}
    </Badge>
  );
}
