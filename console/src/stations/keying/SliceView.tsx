// The slice, as large as its zone allows and never larger than is sharp; the zone itself never changes its size.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
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
  onShown: () => void;
  onAgain: () => void;
}

/** The largest enlargement of one image pixel: beyond it letters only grow blurred. */
const SHARP = 3;
/** Slices are cut one line high, so one height on screen means one size of letters: the eye does not adjust from one to the next. */
const LINE_HEIGHT = 150;
const MARGIN = 24;

export function SliceView({ shelved, width, height, label, zoom, watermark, onShown, onAgain }: Props) {
  const { t } = useTranslation();
  const zone = useRef<HTMLDivElement>(null);
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
  }, []);
  const ready = shelved.state === "ready";
  useEffect(() => {
    if (ready) onShown();
  }, [ready, shelved.src, onShown]);

  const natural = own !== null && own.src === shelved.src ? own : null;
  const w = width ?? natural?.width ?? 1;
  const h = height ?? natural?.height ?? 1;
  const high = width === null ? room.height - MARGIN : Math.min(LINE_HEIGHT, room.height - MARGIN);
  const fit = Math.min(SHARP, (room.width - MARGIN) / w, high / h);
  const scale = Math.max(0.05, fit) * zoom;
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
