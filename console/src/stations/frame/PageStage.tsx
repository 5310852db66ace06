// One page image on a stage of its own: aims at the field that is worked on, and moves by keys when it has the focus.

import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Rect } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { IMAGE_FIELD } from "@/keys/registry";
import { fitted, insideLimits, turned, zoomedAt, type View } from "@/kit/viewport";
import type { Shelved } from "../work/image_shelf";
import { aimedAt, type Room } from "./aim";

export interface StageBox {
  rect: Rect;
  active: boolean;
}

interface Props {
  shelved: Shelved;
  /** Changes with the page, so that another page is looked at anew. */
  page: string;
  size: Room;
  label: string;
  /** What is worked on; the stage aims at it whenever it changes. */
  target: Rect | null;
  boxes: readonly StageBox[];
  stage: RefObject<HTMLDivElement | null>;
  /** Space shows the whole page or its full size, where the station gives Space to the image. */
  toggleBySpace: boolean;
  onSeen: (page: string) => void;
  onAgain: () => void;
}

const STEP = 70;
/** A page that only flew past was not seen. */
const SEEN_AFTER_MS = 250;

export function PageStage({ shelved, page, size, label, target, boxes, stage, toggleBySpace, onSeen, onAgain }: Props) {
  const { t } = useTranslation();
  const room = useRoom(stage);
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0, quarter: 0 });
  const { width, height } = size;
  const { x, y, w, h } = target ?? { x: 0, y: 0, w: 0, h: 0 };
  const aim = useCallback(
    () => setView(aimedAt(w > 0 ? { x, y, w, h } : null, { width, height }, room)),
    [x, y, w, h, width, height, room],
  );
  useLayoutEffect(aim, [aim, page]);
  const ready = shelved.state === "ready";
  useEffect(() => {
    if (!ready) return undefined;
    const timer = window.setTimeout(() => onSeen(page), SEEN_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [ready, page, onSeen]);

  const move = (dx: number, dy: number) => setView((now) => insideLimits({ ...now, x: now.x + dx, y: now.y + dy }, width, height));
  const zoom = (factor: number) => setView((now) => zoomedAt(now, factor, room.width / 2, room.height / 2, room.width, room.height));
  const whole = (quarter: View["quarter"]) => setView(fitted(room.width, room.height, width, height, quarter));
  const fit = fitted(room.width, room.height, width, height, view.quarter);
  const toggle = () => (Math.abs(view.scale - fit.scale) < 0.01 ? setView({ ...fit, scale: 1 }) : setView(fit));
  useStageKeys(stage, toggleBySpace, { move, zoom, toggle, whole: () => whole(view.quarter), turn: () => whole(turned(view.quarter, 1)) });

  const place = `translate(${String(view.x)}px, ${String(view.y)}px) scale(${String(view.scale)}) rotate(${String(view.quarter * 90)}deg)`;
  return (
    <div ref={stage} className="st-stage" data-keys-field={IMAGE_FIELD} tabIndex={0} role="group" aria-label={`${label}. ${t("station.image.keys")}`}>
      {shelved.src !== null && (
        <div className="st-page" style={{ width, height, marginLeft: -width / 2, marginTop: -height / 2, transform: place }}>
          <img src={shelved.src} alt={label} width={width} height={height} draggable={false} />
          {boxes.map((box, index) => (
            <span key={index} className={box.active ? "st-box st-box-on" : "st-box"} style={boxStyle(box.rect, view.scale)} />
          ))}
        </div>
      )}
      {shelved.state === "loading" && <p className="st-stage-words">{t("station.image.loading")}</p>}
      {shelved.state === "broken" && (
        <div className="st-stage-words" role="alert">
          <p className="st-bad">{t("station.image.broken")}</p>
          <button type="button" onClick={onAgain}>{t("station.image.again")}</button>
        </div>
      )}
      <span className="st-zoom" aria-hidden="true">{t("station.image.zoom", { percent: Math.round(view.scale * 100) })}</span>
    </div>
  );
}

/** A frame around the field, with a line of the same width at every zoom. */
function boxStyle(rect: Rect, scale: number) {
  const percent = (share: number) => `${String(share / 100)}%`;
  const line = Math.max(1, 2 / scale);
  return { left: percent(rect.x), top: percent(rect.y), width: percent(rect.w), height: percent(rect.h), outlineWidth: line, outlineOffset: line * 2 };
}

function useRoom(stage: RefObject<HTMLDivElement | null>): Room {
  const [room, setRoom] = useState<Room>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [stage]);
  return room;
}

interface StageActs {
  move: (dx: number, dy: number) => void;
  zoom: (factor: number) => void;
  toggle: () => void;
  whole: () => void;
  turn: () => void;
}

type StageKey = "in" | "out" | "whole" | "turn" | "left" | "right" | "up" | "down" | "toggle";

/** Unmodified letters act only while the image itself has the focus: beside a field they would be typing. */
function useStageKeys(stage: RefObject<HTMLDivElement | null>, toggleBySpace: boolean, acts: StageActs): void {
  const { t } = useTranslation();
  const bind = (id: StageKey, keys: string[], run: () => void) => ({ id: `stage.${id}`, label: t(`key.stage.${id}`), keys, inFields: [IMAGE_FIELD], run });
  useKeys("field", [
    bind("in", ["KeyZ"], () => acts.zoom(1.25)),
    bind("out", ["KeyX"], () => acts.zoom(0.8)),
    bind("whole", ["Digit0", "Numpad0"], acts.whole),
    bind("turn", ["KeyR"], acts.turn),
    bind("left", ["ArrowLeft"], () => acts.move(STEP, 0)),
    bind("right", ["ArrowRight"], () => acts.move(-STEP, 0)),
    bind("up", ["ArrowUp"], () => acts.move(0, STEP)),
    bind("down", ["ArrowDown"], () => acts.move(0, -STEP)),
    ...(toggleBySpace ? [bind("toggle", ["Space"], acts.toggle)] : []),
  ]);
  useKeys("page", [{ id: "stage.focus", label: t("key.stage.focus"), keys: ["Alt+KeyI"], run: () => stage.current?.focus() }]);
}
