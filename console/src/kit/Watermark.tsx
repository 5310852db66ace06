// Who looked, and when, over everything that is shown: a photograph of the screen names its taker.
import { useEffect, useRef } from "react";
import { useNow } from "./DateTime";
import { formatInstant } from "./time";

/**
 * Draws the words into a picture and repeats it; `pointer-events: none`, so it is never in the way.
 * The time is renewed each minute.
 */
export function Watermark({ words }: { words: string }) {
  const layer = useRef<HTMLDivElement>(null);
  const now = useNow(60);
  const text = `${words} ${formatInstant(now).slice(0, 16)}`;
  useEffect(() => {
    const canvas = document.createElement("canvas");
    canvas.width = 380;
    canvas.height = 220;
    const pen = canvas.getContext("2d");
    if (pen === null) return undefined;
    const dark = document.documentElement.dataset["mode"] === "dark";
    pen.translate(190, 110);
    pen.rotate(-0.38);
    pen.font = "14px 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
    pen.textAlign = "center";
    pen.fillStyle = dark ? "rgba(255,255,255,0.055)" : "rgba(16,57,76,0.06)";
    pen.fillText(text, 0, 0);
    let url: string | undefined;
    let gone = false;
    canvas.toBlob((blob) => {
      if (blob === null || gone) return;
      url = URL.createObjectURL(blob);
      if (layer.current !== null) layer.current.style.backgroundImage = `url(${url})`;
    });
    return () => {
      gone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [text]);
  return <div ref={layer} className="sn-watermark" aria-hidden="true" />;
}
