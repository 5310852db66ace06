// The state of one capture: the type, the item once there is one, its pages, and what may be done.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { newIntent, type Intent } from "@/api/client";
import { actOnItem, createItem, readBusinessTypes, readItem } from "@/api/processing";
import type { BusinessType, Item } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { paths } from "@/paths";
import { needsOf, targetOf } from "./plan";
import { usePageUploads } from "./usePageUploads";

export type Capture = ReturnType<typeof useCapture>;

export function useCapture() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const id = useParams()["item"];
  const [choice, setChoice] = useState<BusinessType | undefined>(undefined);
  const [kind, setKind] = useState<string | undefined>(undefined);
  const [sent, setSent] = useState<Item | undefined>(undefined);
  const types = useQuery({ queryKey: ["business-types"], queryFn: ({ signal }) => readBusinessTypes(signal), staleTime: 5 * 60_000 });
  const item = useQuery({ queryKey: ["item", id], queryFn: ({ signal }) => readItem(id ?? "", signal), enabled: id !== undefined });

  const code = id === undefined ? choice?.code : item.data?.business_type.code;
  const type = types.data?.find((one) => one.code === code);
  const pages = item.data?.pages.filter((page) => !page.superseded) ?? [];
  const needs = type === undefined ? [] : needsOf(type, pages);

  const draft = useDraft();
  const uploads = usePageUploads(
    () => (id === undefined ? draft.of(type) : Promise.resolve(id)),
    async (made) => {
      await client.fetchQuery({ queryKey: ["item", made], queryFn: ({ signal }) => readItem(made, signal), staleTime: 0 });
      if (id === undefined) await navigate(paths.captureItem(made), { replace: true });
    },
  );

  const verb = item.data?.state === "returned" || item.data?.state === "rescan" ? ("resubmit" as const) : ("submit" as const);
  const submit = useCommand(
    (_: undefined, intent) => actOnItem(id ?? "", verb, {}, intent),
    (done) => {
      setSent(done);
      void client.invalidateQueries({ queryKey: ["items"] });
      return client.invalidateQueries({ queryKey: ["item", id] });
    },
  );
  return {
    id, types, type, item, pages, needs, uploads, verb, submit, sent,
    inForce: (types.data ?? []).filter((one) => one.in_force),
    target: targetOf(needs, kind),
    aim: setKind,
    choose: (wanted: BusinessType) => {
      if (id === undefined && !uploads.busy) setChoice(wanted);
    },
    changed: () => client.invalidateQueries({ queryKey: ["item", id] }),
    /** Goes on with the same type: most outlets send a row of one kind. */
    restart: () => {
      setSent(undefined);
      setKind(undefined);
      setChoice(type);
      draft.forget();
      submit.reset();
      void navigate(paths.capture(), { replace: true });
    },
  };
}

/** The draft is made with its first page, once: changing one's mind before that leaves nothing behind. */
function useDraft() {
  const made = useRef<{ code: string; intent: Intent; item?: string } | undefined>(undefined);
  return {
    of: async (type: BusinessType | undefined): Promise<string> => {
      if (type === undefined) throw new Error("files are only taken once a type is chosen");
      if (made.current?.code !== type.code) made.current = { code: type.code, intent: newIntent() };
      const current = made.current;
      current.item ??= (await createItem(type.code, current.intent)).item_id;
      return current.item;
    },
    forget: () => {
      made.current = undefined;
    },
  };
}
