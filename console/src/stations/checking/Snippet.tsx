// The field cut out of the page image, beside what was keyed from it.

import { useTranslation } from "react-i18next";
import type { Rect, TaskPage } from "@/api/types";
import type { Shelved } from "../work/image_shelf";

interface Props {
  shelved: Shelved;
  page: TaskPage | null;
  rect: Rect | null;
  label: string;
}

/** The zone's size in pixels; it does not change with the field. */
const WIDTH = 520;
const HEIGHT = 64;
/** Room around the field, so that strokes that leave it are seen. */
const MARGIN = 0.15;

export function Snippet({ shelved, page, rect, label }: Props) {
  const { t } = useTranslation();
  if (page === null || rect === null || shelved.src === null) {
    return <div className="chk-snippet"><span className="st-faint">{rect === null ? t("checking.noImage") : t("station.image.loading")}</span></div>;
  }
  const field = { x: (rect.x / 10_000) * page.width, y: (rect.y / 10_000) * page.height, w: (rect.w / 10_000) * page.width, h: (rect.h / 10_000) * page.height };
  const scale = Math.min(WIDTH / (field.w * (1 + MARGIN)), HEIGHT / (field.h * (1 + 2 * MARGIN)), 2.5);
  const left = WIDTH / 2 - (field.x + field.w / 2) * scale;
  const top = HEIGHT / 2 - (field.y + field.h / 2) * scale;
  return (
    <div className="chk-snippet">
      <div className="chk-crop">
        <img src={shelved.src} alt={label} width={page.width} height={page.height} draggable={false} style={{ transform: `translate(${String(left)}px, ${String(top)}px) scale(${String(scale)})` }} />
      </div>
    </div>
  );
}
