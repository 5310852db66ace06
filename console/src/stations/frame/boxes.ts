// Which field lies where on which page.

import type { CheckField, Rect, TaskPage } from "@/api/types";
import type { Box } from "../work/api";
import type { StageBox } from "./PageStage";

/** The field's place on an image; null for one that has none. */
export function placeOf(field: CheckField): Box | null {
  const { page_id, rect } = field;
  return typeof page_id === "string" && rect !== null && rect !== undefined ? { page_id, rect } : null;
}

/** Where to aim on this page for the field; null when it lies elsewhere. */
export function rectOn(page: TaskPage | undefined, field: CheckField | null): Rect | null {
  const place = field === null ? null : placeOf(field);
  return place !== null && place.page_id === page?.page_id ? place.rect : null;
}

/** All fields of the page, the one worked on marked. */
export function boxesOn(page: TaskPage | undefined, fields: readonly CheckField[], active: CheckField | null): StageBox[] {
  return fields.flatMap((field) => {
    const rect = rectOn(page, field);
    return rect === null ? [] : [{ rect, active: field.code === active?.code }];
  });
}
