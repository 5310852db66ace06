// The pages a business type asks for; a line ticks itself when its page is there.
import { CameraOutlined, CheckCircleFilled, MinusCircleOutlined, PlusOutlined, WarningOutlined } from "@ant-design/icons";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ActionButton } from "@/kit/ActionButton";
import { useLanguage } from "@/kit/language";
import { PAGE_FILES, type Need, type PageKind } from "./plan";

interface ChecklistProps {
  needs: Need[];
  /** Where dropped and pasted files go. */
  target: PageKind | undefined;
  /** Why files cannot be added now. */
  closed: string | undefined;
  onFiles: (files: File[], kind: string) => void;
  /** Opens the camera for a kind; absent without one. */
  onCamera: ((need: Need) => void) | undefined;
}

export function Checklist({ needs, target, closed, onFiles, onCamera }: ChecklistProps) {
  return (
    <ul className="sn-checklist">
      {needs.map((need) => (
        <Line key={need.kind.kind} need={need} aimed={need.kind.kind === target?.kind} closed={closed} onFiles={onFiles} onCamera={onCamera} />
      ))}
    </ul>
  );
}

function Line({ need, aimed, closed, onFiles, onCamera }: { need: Need; aimed: boolean } & Pick<ChecklistProps, "closed" | "onFiles" | "onCamera">) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const name = nameOf(need.kind);
  const mark = need.count > 0 ? "ready" : need.missing ? "missing" : "optional";
  return (
    <li className={`sn-check sn-check-${mark} ${aimed ? "sn-check-aimed" : ""}`}>
      <span className="sn-check-icon" aria-hidden="true">
        {mark === "ready" ? <CheckCircleFilled /> : mark === "missing" ? <WarningOutlined /> : <MinusCircleOutlined />}
      </span>
      <span className="sn-check-words">
        <span>{name}</span>
        <span className="sn-small sn-check-state">
          {t(`capture.${mark}`)} · {t("capture.count", { count: need.count, max: need.kind.max })}
        </span>
      </span>
      <ActionButton
        icon={<PlusOutlined />}
        aria-label={t("capture.addTo", { kind: name })}
        disabledReason={closed ?? (need.full ? t("capture.full") : undefined)}
        onClick={() => input.current?.click()}
      >
        {t("capture.add")}
      </ActionButton>
      {onCamera !== undefined && (
        <ActionButton
          icon={<CameraOutlined />}
          aria-label={t("camera.open", { kind: name })}
          title={t("camera.open", { kind: name })}
          disabledReason={closed ?? (need.full ? t("capture.full") : undefined)}
          onClick={() => onCamera(need)}
        />
      )}
      <input
        ref={input}
        type="file"
        hidden
        multiple={need.kind.max > 1}
        accept={PAGE_FILES}
        onChange={(event) => {
          onFiles(Array.from(event.target.files ?? []), need.kind.kind);
          // The same file may be chosen again after it was refused.
          event.target.value = "";
        }}
      />
    </li>
  );
}
