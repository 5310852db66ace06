// What an item still needs: pure, from its definition and its pages.
import type { BusinessType, Page } from "@/api/types";

export type PageKind = BusinessType["pages"][number];

export interface Need {
  kind: PageKind;
  count: number;
  /** A required kind without a page. */
  missing: boolean;
  full: boolean;
}

/** One line per kind of page, in the definition's order. */
export function needsOf(type: BusinessType, pages: readonly Page[]): Need[] {
  return type.pages.map((kind) => {
    const count = pages.filter((page) => page.kind === kind.kind && !page.superseded).length;
    return { kind, count, missing: kind.required && count === 0, full: count >= kind.max };
  });
}

/** Where the next dropped or pasted file goes: what the person chose, else what is missing, else the first with room. */
export function targetOf(needs: readonly Need[], chosen: string | undefined): PageKind | undefined {
  const open = needs.filter((need) => !need.full);
  const wanted = open.find((need) => need.kind.kind === chosen) ?? open.find((need) => need.missing) ?? open[0];
  return wanted?.kind;
}

/** What a file chooser offers. */
export const PAGE_FILES = "image/jpeg,image/png,image/tiff,.tif,.tiff,application/pdf";

const images = new Set(["image/jpeg", "image/png", "image/tiff", "application/pdf"]);
const endings = /\.(jpe?g|png|tiff?|pdf)$/i;

/** Whether a file may be an image page; browsers do not always know TIFF. The server looks into the bytes. */
export function looksLikeImage(file: { type: string; name: string }): boolean {
  return images.has(file.type) || (file.type === "" && endings.test(file.name));
}

/** The type to send a file as, when the browser did not know it. */
export function typeOf(file: { type: string; name: string }): string {
  if (file.type !== "") return file.type;
  return /\.tiff?$/i.test(file.name) ? "image/tiff" : /\.pdf$/i.test(file.name) ? "application/pdf" : "application/octet-stream";
}
