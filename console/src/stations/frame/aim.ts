// Where to look on a page: the field in the middle, large enough to read, with what stands around it.

import type { Rect } from "@/api/types";
import { fitted, type View } from "@/kit/viewport";

/** The field takes this share of the stage, at most. */
const SHARE_OF_WIDTH = 0.72;
const SHARE_OF_HEIGHT = 0.3;
/** Screen pixels per image pixel, at most: scans grow no clearer beyond. */
const CLOSEST = 1.6;

export interface Room {
  width: number;
  height: number;
}

/** The view on `rect` of a page of `size` pixels; the whole page without one. */
export function aimedAt(rect: Rect | null, size: Room, room: Room): View {
  const whole = fitted(room.width, room.height, size.width, size.height, 0);
  if (rect === null || rect.w <= 0 || rect.h <= 0) return whole;
  const width = (rect.w / 10_000) * size.width;
  const height = (rect.h / 10_000) * size.height;
  const wanted = Math.min((room.width * SHARE_OF_WIDTH) / width, (room.height * SHARE_OF_HEIGHT) / height, CLOSEST);
  const scale = Math.max(whole.scale, wanted);
  const centerX = ((rect.x + rect.w / 2) / 10_000) * size.width;
  const centerY = ((rect.y + rect.h / 2) / 10_000) * size.height;
  return {
    scale,
    x: within((size.width / 2 - centerX) * scale, size.width * scale, room.width),
    y: within((size.height / 2 - centerY) * scale, size.height * scale, room.height),
    quarter: 0,
  };
}

/** No empty room beside the page while the page is larger than the room. */
function within(offset: number, page: number, room: number): number {
  const reach = Math.max(0, (page - room) / 2);
  return Math.min(reach, Math.max(-reach, offset));
}
