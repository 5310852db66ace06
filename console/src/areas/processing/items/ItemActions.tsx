// What may be done with an item now; what may not is disabled with the server's reason.
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { actOnItem, type ItemVerb } from "@/api/processing";
import { useSession } from "@/api/session";
import type { Action, ItemDetail, ReasonUse } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { ActionButton } from "@/kit/ActionButton";
import { useLanguage } from "@/kit/language";
import { ProblemText } from "@/kit/States";
import { paths } from "@/paths";
import { ReasonDialog, type ReasonFields } from "./ReasonDialog";

type Asking = "withdraw" | "confirm_failure" | "resume" | "retry_posting" | "return";
type Direct = "submit" | "confirm" | "resubmit";

/** Acts that ask for a reason first, and of which list. */
const asks: Record<Asking, { verb: ItemVerb; use: ReasonUse | undefined; danger: boolean }> = {
  withdraw: { verb: "withdraw", use: "withdraw", danger: true },
  confirm_failure: { verb: "confirm-failure", use: "confirm_failure", danger: true },
  return: { verb: "return", use: "return", danger: true },
  resume: { verb: "resume", use: undefined, danger: false },
  retry_posting: { verb: "retry-posting", use: undefined, danger: false },
};

/** In the order of the buttons; `onlyNow` are shown only where the state allows them, the way out always. */
const shown: { act: Asking | Direct; needs: Action; main?: boolean; onlyNow?: boolean }[] = [
  { act: "confirm", onlyNow: true, needs: "item.confirm", main: true },
  { act: "confirm_failure", needs: "item.confirm", onlyNow: true },
  { act: "submit", onlyNow: true, needs: "item.submit", main: true },
  { act: "resubmit", onlyNow: true, needs: "item.submit", main: true },
  { act: "resume", onlyNow: true, needs: "item.resume", main: true },
  { act: "retry_posting", onlyNow: true, needs: "item.resume", main: true },
  { act: "return", onlyNow: true, needs: "item.resume" },
  { act: "withdraw", needs: "item.withdraw" },
];

export function ItemActions({ item }: { item: ItemDetail }) {
  const { t } = useTranslation();
  const { pick } = useLanguage();
  const { can } = useSession();
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asking | undefined>(undefined);
  const act = useCommand(
    ({ verb, fields }: { verb: ItemVerb; fields: ReasonFields }, intent) => actOnItem(item.item_id, verb, fields, intent),
    (_, { verb }) => {
      setAsked(undefined);
      void message.success(t(verb === "confirm" ? "act.confirm.done" : "act.done"));
      void client.invalidateQueries({ queryKey: ["items"] });
      return client.invalidateQueries({ queryKey: ["item", item.item_id] });
    },
  );
  const run = (name: Asking | Direct) => {
    act.reset();
    if (name in asks) setAsked(name as Asking);
    else act.mutate({ verb: name as Direct, fields: {} }, { onError: (error) => void message.error(<ProblemText error={error} />) });
  };
  /** A supervisor may return whatever they may resume or post again. */
  const capabilityOf = (name: Asking | Direct) => (name === "return" ? [item.can.resume, item.can.retry_posting].find((one) => one?.allowed === true) : item.can[name]);
  /** Why not, in the server's words; what it does not mention is not for this state. */
  const reasonOf = (name: Asking | Direct): string | undefined => {
    const capability = capabilityOf(name);
    if (capability?.allowed === true) return undefined;
    return pick(capability?.reason_zh, capability?.reason_en) ?? t("act.unknown");
  };
  const visible = shown.filter(({ act: name, needs, onlyNow }) => can(needs) && (onlyNow !== true || capabilityOf(name)?.allowed === true));
  return (
    <>
      {can("item.capture") && item.can.edit_pages?.allowed === true && (
        <ActionButton onClick={() => void navigate(paths.captureItem(item.item_id))}>{t(item.state === "draft" ? "item.continue" : "item.fix")}</ActionButton>
      )}
      {visible.map(({ act: name, main }) => (
        <ActionButton
          key={name}
          type={main === true ? "primary" : "default"}
          danger={name in asks && asks[name as Asking].danger}
          disabledReason={reasonOf(name)}
          loading={act.isPending && asked === undefined && act.variables.verb === name}
          onClick={() => run(name)}
        >
          {t(`act.${name}`)}
        </ActionButton>
      ))}
      {asked !== undefined && (
        <ReasonDialog
          open
          title={t(`act.${asked}.title`, { no: item.item_no })}
          submit={t(`act.${asked}`)}
          danger={asks[asked].danger}
          use={asks[asked].use}
          busy={act.isPending}
          error={act.error}
          onSubmit={(fields) => act.mutate({ verb: asks[asked].verb, fields })}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
