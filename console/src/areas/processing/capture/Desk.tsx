// The working surface of a capture: what is needed at the left, what is there at the right.
import { useEffect, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ItemDetail, Page } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { ActionButton } from "@/kit/ActionButton";
import { useLanguage } from "@/kit/language";
import { Section } from "@/kit/PageShell";
import { StageTrack } from "@/kit/StageTrack";
import { StateBadge } from "@/kit/StateBadge";
import { EmptyState, ProblemBanner } from "@/kit/States";
import { paths } from "@/paths";
import { PageDialog } from "../PageViewer";
import { CameraDialog } from "./CameraDialog";
import { useHasCamera } from "./camera";
import { Checklist } from "./Checklist";
import { PageCard } from "./PageCard";
import { looksLikeImage, type Need } from "./plan";
import { TypePicker } from "./TypePicker";
import { UploadList } from "./UploadList";
import type { Capture } from "./useCapture";

/** States in which the outlet may change pages. */
const editable: ReadonlySet<string> = new Set(["draft", "returned", "rescan"]);

export function Desk({ capture }: { capture: Capture }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { type, needs, target, uploads, item, submit, id } = capture;
  const reason = useSubmitReason(capture);
  const closed = item.data !== undefined && !editable.has(item.data.state) ? t("capture.wrongState") : undefined;
  const send = () => {
    if (reason === undefined && !submit.isPending) submit.mutate(undefined);
  };
  useKeys("page", [{ id: "capture.submit", label: t("key.capture.submit"), keys: ["Ctrl+Enter", "Ctrl+NumpadEnter"], commit: true, run: send }]);

  const take = (files: readonly File[]) => {
    const images = files.filter(looksLikeImage);
    if (images.length > 0 && target !== undefined && closed === undefined) uploads.add(images, { kind: target.kind });
  };
  usePaste(take);
  const hasCamera = useHasCamera();
  const [shooting, setShooting] = useState<Need | undefined>(undefined);
  return (
    <div className="sn-capture" onDragOver={(event) => event.preventDefault()} onDrop={(event) => take(dropped(event))}>
      <div className="sn-capture-side">
        {id === undefined ? (
          <Section title={t("capture.type")} extra={<span className="sn-faint sn-small">{t("capture.type.hint")}</span>}>
            <TypePicker types={capture.inForce} chosen={type?.code} onChoose={capture.choose} />
          </Section>
        ) : (
          item.data !== undefined && <Facts item={item.data} />
        )}
        {type !== undefined && (
          <Section title={`${t("capture.checklist")} · ${nameOf(type)}`}>
            <Checklist
              needs={needs}
              target={target}
              closed={closed}
              onCamera={hasCamera ? setShooting : undefined}
              onFiles={(files, kind) => {
                capture.aim(kind);
                uploads.add(files, { kind });
              }}
            />
          </Section>
        )}
        <ProblemBanner error={submit.error} />
        <ActionButton type="primary" size="large" block disabledReason={reason} loading={submit.isPending} onClick={send}>
          {t(capture.verb === "resubmit" ? "capture.resubmit" : "capture.submit")}
        </ActionButton>
      </div>
      <Pages capture={capture} closed={closed} />
      {shooting !== undefined && (
        <CameraDialog
          page={nameOf(shooting.kind)}
          room={shooting.kind.max - shooting.count}
          onShot={(file) => {
            capture.aim(shooting.kind.kind);
            uploads.add([file], { kind: shooting.kind.kind });
          }}
          onClose={() => setShooting(undefined)}
        />
      )}
    </div>
  );
}

/** Why nothing can be submitted now; undefined when it can. */
function useSubmitReason(capture: Capture): string | undefined {
  const { t } = useTranslation();
  const { nameOf, pick } = useLanguage();
  const { type, needs, uploads, item, verb } = capture;
  if (type === undefined) return t("capture.submit.chooseType");
  if (uploads.busy) return t("capture.submit.uploading");
  const missing = needs.filter((need) => need.missing).map((need) => nameOf(need.kind));
  if (missing.length > 0) return t("capture.submit.missing", { kinds: missing.join(t("list.separator")) });
  if (item.data === undefined) return t("capture.pages.none");
  if (!editable.has(item.data.state)) return t("capture.wrongState");
  const can = item.data.can[verb];
  return can === undefined || can.allowed ? undefined : (pick(can.reason_zh, can.reason_en) ?? t("act.unknown"));
}

function Facts({ item }: { item: ItemDetail }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const reason = item.reason ?? undefined;
  return (
    <>
      <Section title={t("item.title", { no: item.item_no })} extra={<Link to={paths.item(item.item_id)}>{t("action.open")}</Link>}>
        <span className="sn-row">
          <StateBadge state={item.state} />
          <StageTrack item={item} compact />
        </span>
      </Section>
      {reason !== undefined && editable.has(item.state) && (
        <div className="sn-banner sn-banner-warn" role="status">
          <div>
            {t("capture.resubmit.note", { reason: nameOf(reason) })}
            {(reason.note ?? "") !== "" && <p>{reason.note}</p>}
          </div>
        </div>
      )}
    </>
  );
}

function Pages({ capture, closed }: { capture: Capture; closed: string | undefined }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { pages, uploads, type, target, item, id } = capture;
  const [viewed, setViewed] = useState<Page | undefined>(undefined);
  const nameOfKind = (kind: string) => {
    const found = type?.pages.find((one) => one.kind === kind);
    return found === undefined ? t("page.other") : nameOf(found);
  };
  const boxes = item.data?.reason?.boxes ?? [];
  return (
    <Section title={t("capture.pages")} extra={target !== undefined && <DropHint name={nameOf(target)} />}>
      {pages.length === 0 && uploads.uploads.length === 0 ? (
        <EmptyState title={t(type === undefined ? "capture.submit.chooseType" : "capture.pages.none")} hint={type === undefined ? undefined : t("capture.pages.none.hint")} />
      ) : (
        <ul className="sn-page-cards">
          {pages.map((page) => (
            <PageCard
              key={page.page_id}
              item={id ?? ""}
              page={page}
              name={nameOfKind(page.kind)}
              wanted={boxes.filter((box) => box.page_id === page.page_id)}
              closed={closed}
              onView={() => setViewed(page)}
              onAgain={(file) => uploads.add([file], { kind: page.kind, replaces: page.page_id })}
              onChanged={capture.changed}
            />
          ))}
          <UploadList uploads={uploads.uploads} onAgain={uploads.again} onDismiss={uploads.dismiss} />
        </ul>
      )}
      <PageDialog
        page={viewed}
        label={viewed === undefined ? "" : `${nameOfKind(viewed.kind)} · ${t("item.page", { no: viewed.page_no })}`}
        boxes={boxes.filter((box) => box.page_id === viewed?.page_id).map((box) => ({ rect: box.rect, tone: "bad" }))}
        onClose={() => setViewed(undefined)}
      />
    </Section>
  );
}

function DropHint({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <span className="sn-faint sn-small">
      {t("capture.drop")} · {t("capture.drop.hint", { kind: name })}
    </span>
  );
}

function dropped(event: DragEvent): File[] {
  event.preventDefault();
  return Array.from(event.dataTransfer.files);
}

/** A picture on the clipboard is a page; text is left to the field that has the focus. */
function usePaste(take: (files: readonly File[]) => void) {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = Array.from(event.clipboardData?.files ?? []);
      if (files.length > 0) take(files);
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  });
}
