// A page image that can be enlarged, turned and moved, with boxes on what matters.
import { ColumnWidthOutlined, RedoOutlined, UndoOutlined, ZoomInOutlined, ZoomOutOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Rect } from "@/api/types";
import { fitted, insideLimits, turned, zoomedAt, type View } from "./viewport";

export interface Box {
  rect: Rect;
  tone: "bad" | "warn" | "busy";
  label?: string;
}

interface ImageViewerProps {
  /** Absent while the link is on its way. */
  src: string | undefined;
  /** What the image shows, for screen readers. */
  label: string;
  /** Pixel size of the page. */
  width: number;
  height: number;
  boxes?: Box[];
  /** The link no longer works (it is good for one reading). */
  onBroken?: () => void;
}

export function ImageViewer({ src, label, width, height, boxes = [], onBroken }: ImageViewerProps) {
  const { t } = useTranslation();
  const stage = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0, quarter: 0 });
  const [loaded, setLoaded] = useState<string | undefined>(undefined);
  const drag = useRef<{ x: number; y: number } | undefined>(undefined);

  const fit = useCallback(
    (quarter: View["quarter"]) => {
      const room = stage.current;
      if (room !== null) setView(fitted(room.clientWidth, room.clientHeight, width, height, quarter));
    },
    [width, height],
  );
  useLayoutEffect(() => fit(0), [fit, src]);
  useEffect(() => {
    const room = stage.current;
    if (room === null || typeof ResizeObserver === "undefined") return undefined;
    const watch = new ResizeObserver(() => fit(0));
    watch.observe(room);
    return () => watch.disconnect();
  }, [fit]);

  const zoom = useCallback((factor: number, x?: number, y?: number) => {
    const room = stage.current;
    if (room !== null) setView((v) => zoomedAt(v, factor, x ?? room.clientWidth / 2, y ?? room.clientHeight / 2, room.clientWidth, room.clientHeight));
  }, []);
  // React's own wheel listeners are passive and could not keep the page from scrolling.
  useEffect(() => {
    const room = stage.current;
    if (room === null) return undefined;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const place = room.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event.clientX - place.left, event.clientY - place.top);
    };
    room.addEventListener("wheel", wheel, { passive: false });
    return () => room.removeEventListener("wheel", wheel);
  }, [zoom]);

  const move = (event: PointerEvent) => {
    const from = drag.current;
    if (from === undefined) return;
    const to = { x: event.clientX, y: event.clientY };
    drag.current = to;
    setView((v) => insideLimits({ ...v, x: v.x + to.x - from.x, y: v.y + to.y - from.y }, width, height));
  };
  const keys = (event: KeyboardEvent) => {
    const acts: Record<string, () => void> = {
      "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), "0": () => fit(view.quarter), r: () => fit(turned(view.quarter, 1)),
      ArrowLeft: () => setView((v) => ({ ...v, x: v.x + 60 })), ArrowRight: () => setView((v) => ({ ...v, x: v.x - 60 })),
      ArrowUp: () => setView((v) => ({ ...v, y: v.y + 60 })), ArrowDown: () => setView((v) => ({ ...v, y: v.y - 60 })),
    };
    const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <div className="sn-viewer">
      <div className="sn-viewer-tools" role="toolbar" aria-label={t("viewer.tools")}>
        <Tool icon={<ZoomInOutlined />} label={t("viewer.zoomIn")} onClick={() => zoom(1.25)} />
        <Tool icon={<ZoomOutOutlined />} label={t("viewer.zoomOut")} onClick={() => zoom(0.8)} />
        <Tool icon={<ColumnWidthOutlined />} label={t("viewer.fit")} onClick={() => fit(view.quarter)} />
        <Tool icon={<UndoOutlined />} label={t("viewer.left")} onClick={() => fit(turned(view.quarter, -1))} />
        <Tool icon={<RedoOutlined />} label={t("viewer.right")} onClick={() => fit(turned(view.quarter, 1))} />
      </div>
      <div
        ref={stage}
        className="sn-viewer-stage"
        tabIndex={0}
        role="group"
        aria-label={t("viewer.stage", { label })}
        onKeyDown={keys}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={move}
        onPointerUp={() => (drag.current = undefined)}
        onPointerCancel={() => (drag.current = undefined)}
      >
        {src !== undefined && (
          <div
            className="sn-viewer-page"
            style={{ width, height, transform: `translate(${String(view.x)}px, ${String(view.y)}px) scale(${String(view.scale)}) rotate(${String(view.quarter * 90)}deg) translate(-50%, -50%)` }}
          >
            <img src={src} alt={label} width={width} height={height} draggable={false} onLoad={() => setLoaded(src)} onError={onBroken} />
            {boxes.map((box, index) => (
              <BoxMark key={index} box={box} scale={view.scale} />
            ))}
          </div>
        )}
        {(src === undefined || loaded !== src) && <p className="sn-viewer-wait">{t("viewer.loading")}</p>}
      </div>
    </div>
  );
}

function Tool({ icon, label, onClick }: { icon: React.ReactNode; label: string; onClick: () => void }) {
  return <Button type="text" icon={icon} aria-label={label} title={label} onClick={onClick} />;
}

/** A frame whose line keeps its width on screen at every zoom. */
function BoxMark({ box, scale }: { box: Box; scale: number }) {
  const percent = (share: number) => `${String(share / 100)}%`;
  return (
    <span
      className={`sn-box sn-box-${box.tone}`}
      style={{ left: percent(box.rect.x), top: percent(box.rect.y), width: percent(box.rect.w), height: percent(box.rect.h), borderWidth: Math.max(1, 2.5 / scale) }}
      title={box.label}
    />
  );
}
