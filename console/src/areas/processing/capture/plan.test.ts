import { expect, it } from "vitest";
import type { BusinessType, Page } from "@/api/types";
import { looksLikeImage, needsOf, targetOf, typeOf } from "./plan";

const type = {
  pages: [
    { kind: "voucher_front", name_zh: "正面", name_en: "Front", required: true, max: 1 },
    { kind: "voucher_back", name_zh: "背面", name_en: "Back", required: false, max: 1 },
    { kind: "attachment", name_zh: "附件", name_en: "Attachment", required: true, max: 3 },
  ],
} as BusinessType;
const page = (kind: string, superseded = false) => ({ kind, superseded }) as Page;

it("a required kind without a page is missing", () => {
  expect(needsOf(type, []).map((need) => need.missing)).toEqual([true, false, true]);
});

it("a replaced page does not count", () => {
  const [front] = needsOf(type, [page("voucher_front", true)]);
  expect(front).toMatchObject({ count: 0, missing: true, full: false });
});

it("files go to the first missing kind, then to one with room", () => {
  expect(targetOf(needsOf(type, []), undefined)?.kind).toBe("voucher_front");
  expect(targetOf(needsOf(type, [page("voucher_front")]), undefined)?.kind).toBe("attachment");
  expect(targetOf(needsOf(type, [page("voucher_front"), page("attachment")]), undefined)?.kind).toBe("voucher_back");
});

it("the chosen kind is kept while it has room", () => {
  expect(targetOf(needsOf(type, []), "voucher_back")?.kind).toBe("voucher_back");
  expect(targetOf(needsOf(type, [page("voucher_back")]), "voucher_back")?.kind).toBe("voucher_front");
});

it("TIFF is known by its ending where the browser does not know it", () => {
  expect(looksLikeImage({ type: "", name: "a.TIF" })).toBe(true);
  expect(typeOf({ type: "", name: "a.TIF" })).toBe("image/tiff");
  expect(looksLikeImage({ type: "text/html", name: "a.png" })).toBe(false);
});
