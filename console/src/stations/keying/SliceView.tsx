// The slice, as large as its zone allows and never larger than is sharp; the zone itself never changes its size.
// A slice of several lines is shown in its own pixels, and the arrow keys move through it.

import { useEffect, useLayoutEffect, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Shelved } from "../work/image_shelf";

interface Props {
  shelved: Shelved;
  /** Pixels of the image; of the wider one they are read from the image itself. */
  width: number | null;
  height: number | null;
  label: string;
  zoom: number;
  watermark: string;
  /** The zone, which the station's keys scroll. */
  zone: RefObject<HTMLDivElement | null>;
  onShown: () => void;
  onAgain: () => void;
}

/** The largest enlargement of one image pixel: beyond it letters only grow blurred. */
const SHARP = 3;
/** A slice of one line is cut no higher than this; what is higher holds several. */
const ONE_LINE = 160;
/** Slices are cut one line high, so one height on screen means one size of letters: the eye does not adjust from one to the next. */
const LINE_HEIGHT = 150;
const MARGIN = 24;

interface Size {
  width: number;
  height: number;
}

/** Screen pixels for one of the image; `isWider` when the lines around it are shown as well. */
export function scaleOf(image: Size, room: Size, isWider: boolean): number {
  const across = (room.width - MARGIN) / image.width;
  const whole = Math.min(SHARP, across, (room.height - MARGIN) / image.height);
  if (isWider) return Math.max(0.05, whole);
  if (image.height > ONE_LINE) return Math.max(0.05, whole, Math.min(1, across));
  return Math.max(0.05, Math.min(whole, LINE_HEIGHT / image.height));
}

export function SliceView({ shelved, width, height, label, zoom, watermark, zone, onShown, onAgain }: Props) {
  const { t } = useTranslation();
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [own, setOwn] = useState<{ src: string; width: number; height: number } | null>(null);

  useLayoutEffect(() => {
    const element = zone.current;
    if (element === null) return undefined;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [zone]);
  useLayoutEffect(() => {
    zone.current?.scrollTo(0, 0);
  }, [zone, shelved.src]);
  const ready = shelved.state === "ready";
  useEffect(() => {
    if (ready) onShown();
  }, [ready, shelved.src, onShown]);

  const natural = own !== null && own.src === shelved.src ? own : null;
  const w = width ?? natural?.width ?? 1;
  const h = height ?? natural?.height ?? 1;
  const scale = scaleOf({ width: w, height: h }, room, width === null) * zoom;
  return (
    <div ref={zone} className="key-slice" tabIndex={-1}>
      {shelved.src !== null && (
        // Another slice is another picture, not the same one that moved.
        <img
          key={shelved.src}
          src={shelved.src}
          alt={label}
          width={Math.round(w * scale)}
          height={Math.round(h * scale)}
          draggable={false}
          onLoad={(event) => setOwn({ src: event.currentTarget.src, width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
        />
      )}
      {shelved.state === "loading" && <p className="st-faint">{t("station.image.loading")}</p>}
      {shelved.state === "broken" && (
        <div role="alert">
          <p className="st-bad">{t("station.image.broken")}</p>
          <button type="button" onClick={onAgain}>{t("station.image.again")}</button>
        </div>
      )}
      <span className="key-seat" aria-hidden="true">{watermark}</span>
    </div>
  );
}
