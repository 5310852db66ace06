// A small picture with boxes where something was found.
import type { Finding, Rect } from "@/api/types";

export interface Mark {
  rect: Rect;
  tone: "bad" | "warn" | "busy";
}

const percent = (share: number) => `${String(share / 100)}%`;

export function BoxedImage({ src, label, marks = [] }: { src: string | undefined; label: string; marks?: Mark[] }) {
  return (
    <span className="sn-thumb">
      {src !== undefined && (
        <span className="sn-thumb-frame">
          <img src={src} alt={label} draggable={false} />
          {marks.map(({ rect, tone }, index) => (
            <span
              key={index}
              className={`sn-box sn-box-${tone} sn-box-thumb`}
              style={{ left: percent(rect.x), top: percent(rect.y), width: percent(rect.w), height: percent(rect.h) }}
            />
          ))}
        </span>
      )}
    </span>
  );
}

/** The boxes of findings that name a place. */
export function marksOf(findings: readonly Finding[]): Mark[] {
  return findings.flatMap(({ region, severity }) =>
    region === null || region === undefined ? [] : [{ rect: region, tone: severity === "refuse" ? "bad" : "warn" }],
  );
}
