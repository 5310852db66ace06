// The image side of a station: the pages of the work in hand, one at a time.

import { useCallback, useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Lease, Rect, TaskPage } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import type { ImageShelf } from "../work/image_shelf";
import { pageImage, pageName, useLook } from "../work/useImages";
import { keepFocus } from "./focus";
import { PageStage, type StageBox } from "./PageStage";

interface Props {
  lease: Lease | null;
  pages: readonly TaskPage[];
  /** Index of the page that is shown. */
  at: number;
  onPage: (index: number) => void;
  shelf: ImageShelf;
  target: Rect | null;
  boxes: readonly StageBox[];
  /** Text fields beside the image in which the page keys work as well. */
  fields: readonly string[];
  toggleBySpace?: boolean;
  /** Pages that were on the screen already, where that matters. */
  seen?: ReadonlySet<string> | null;
  onSeen?: (page: string) => void;
  stage?: RefObject<HTMLDivElement | null>;
}

const nothing = () => undefined;

export function PageZone({ lease, pages, at, onPage, shelf, target, boxes, fields, toggleBySpace = false, seen = null, onSeen = nothing, stage }: Props) {
  const { t } = useTranslation();
  const own = useRef<HTMLDivElement>(null);
  const kindOf = usePageKind();
  const page = pages[at] ?? null;
  const shelved = useLook(shelf, lease === null || page === null ? null : pageName(lease, page));
  const again = useCallback(() => {
    if (lease !== null && page !== null) shelf.again(pageImage(lease, page));
  }, [lease, page, shelf]);
  const turn = (by: number) => {
    if (pages[at + by] !== undefined) onPage(at + by);
  };
  useKeys("page", [
    { id: "pages.next", label: t("key.pages.next"), keys: ["PageDown"], inFields: fields, run: () => turn(1) },
    { id: "pages.previous", label: t("key.pages.previous"), keys: ["PageUp"], inFields: fields, run: () => turn(-1) },
  ]);
  const label = page === null ? "" : t("station.image.page", { kind: kindOf(page.kind), no: at + 1, count: pages.length });
  return (
    <section className="st-image" aria-label={label}>
      <PageStage
        shelved={shelved}
        page={page?.page_id ?? ""}
        size={{ width: page?.width ?? 1, height: page?.height ?? 1 }}
        label={label}
        target={target}
        boxes={boxes}
        stage={stage ?? own}
        toggleBySpace={toggleBySpace}
        onSeen={onSeen}
        onAgain={again}
      />
      <ol className="st-pages">
        {pages.map((each, index) => (
          <li key={each.page_id}>
            <button type="button" tabIndex={-1} aria-current={index === at ? "page" : undefined} onMouseDown={keepFocus} onClick={() => onPage(index)}>
              {index + 1} {kindOf(each.kind)}
              {seen !== null && <span className={seen.has(each.page_id) ? "st-seen" : "st-unseen-page"}>{t(seen.has(each.page_id) ? "authorizing.page.seen" : "authorizing.page.unseen")}</span>}
            </button>
          </li>
        ))}
        <li className="st-faint"><kbd>PgUp</kbd> <kbd>PgDn</kbd></li>
      </ol>
    </section>
  );
}

/** A page's kind in words; a kind of a newer definition is shown as it is. */
export function usePageKind(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => {
    switch (kind) {
      case "voucher_front":
      case "voucher_back":
      case "attachment":
      case "id_card":
      case "receipt":
        return t(`station.page.${kind}`);
      default:
        return kind;
    }
  };
}
