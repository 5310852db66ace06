// How a page lies in the viewer: pure arithmetic, pixels of the screen.

export interface View {
  /** Screen pixels per image pixel. */
  scale: number;
  /** Where the page's center lies, from the middle of the stage. */
  x: number;
  y: number;
  /** Quarter turns clockwise. */
  quarter: 0 | 1 | 2 | 3;
}

const smallest = 0.02;
const largest = 8;

/** The whole page in the room, in the middle. */
export function fitted(roomWidth: number, roomHeight: number, width: number, height: number, quarter: View["quarter"]): View {
  const [w, h] = quarter % 2 === 0 ? [width, height] : [height, width];
  const scale = Math.min((roomWidth - 16) / Math.max(1, w), (roomHeight - 16) / Math.max(1, h));
  return { scale: clamp(scale, smallest, largest), x: 0, y: 0, quarter };
}

/** Enlarged so that the point of the image under (`px`, `py`) of a centered stage stays where it is. */
export function zoomedAt(view: View, factor: number, px: number, py: number, roomWidth: number, roomHeight: number): View {
  const scale = clamp(view.scale * factor, smallest, largest);
  const real = scale / view.scale;
  const dx = px - roomWidth / 2 - view.x;
  const dy = py - roomHeight / 2 - view.y;
  return { ...view, scale, x: view.x + dx * (1 - real), y: view.y + dy * (1 - real) };
}

export function turned(quarter: View["quarter"], by: 1 | -1): View["quarter"] {
  return ((quarter + by + 4) % 4) as View["quarter"];
}

/** Keeps the page's center from leaving by more than the page's own size. */
export function insideLimits(view: View, width: number, height: number): View {
  const reach = Math.max(width, height) * view.scale;
  return { ...view, x: clamp(view.x, -reach, reach), y: clamp(view.y, -reach, reach) };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
