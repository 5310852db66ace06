// A stored page of a draft: its picture, its verdict, its way out, and another picture in its place.
import { CheckCircleOutlined, DeleteOutlined, ExclamationCircleOutlined, EyeOutlined, RedoOutlined } from "@ant-design/icons";
import { App } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { deletePage } from "@/api/processing";
import type { ItemReason, Page } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { ActionButton } from "@/kit/ActionButton";
import { useLanguage } from "@/kit/language";
import { Badge } from "@/kit/StateBadge";
import { ProblemText } from "@/kit/States";
import { BoxedImage, marksOf } from "../BoxedImage";
import { usePageImage } from "../usePageImage";
import { PAGE_FILES } from "./plan";

interface PageCardProps {
  item: string;
  page: Page;
  name: string;
  /** What the center boxed when it sent the item back. */
  wanted: NonNullable<ItemReason["boxes"]>;
  closed: string | undefined;
  onView: () => void;
  /** Another picture takes its place. */
  onAgain: (file: File) => void;
  onChanged: () => Promise<unknown>;
}

export function PageCard({ item, page, name, wanted, closed, onView, onAgain, onChanged }: PageCardProps) {
  const { t } = useTranslation();
  const { textOf } = useLanguage();
  const { message } = App.useApp();
  const { url } = usePageImage(page, "thumbnail");
  const input = useRef<HTMLInputElement>(null);
  const remove = useCommand((_: undefined, intent) => deletePage(item, page.page_id, intent), onChanged);
  const { findings } = page.verdict;
  const label = `${name} · ${t("item.page", { no: page.page_no })}`;
  const marks = [...marksOf(findings), ...wanted.map(({ rect }) => ({ rect, tone: "bad" as const }))];
  const discard = () => remove.mutate(undefined, { onError: (error) => void message.error(<ProblemText error={error} />) });
  const again = () => input.current?.click();
  return (
    <li className={wanted.length > 0 ? "sn-page-card sn-page-card-bad" : "sn-page-card"}>
      <button
        type="button"
        className="sn-thumb-button"
        title={t("capture.view.keys")}
        aria-label={`${t("capture.view")}: ${label}`}
        aria-keyshortcuts="S D Delete"
        onClick={onView}
        onKeyDown={(event) => {
          if (closed !== undefined || remove.isPending || event.repeat || !["KeyS", "KeyD", "Delete"].includes(event.code)) return;
          event.preventDefault();
          if (event.code === "KeyS") again();
          else discard();
        }}
      >
        <BoxedImage src={url} label={label} marks={marks} />
      </button>
      <div className="sn-page-card-words">
        <strong>{label}</strong>
        {findings.length === 0 ? (
          <Badge tone="good" icon={<CheckCircleOutlined />}>
            {t("capture.verdict.good")}
          </Badge>
        ) : (
          <>
            <Badge tone="warn" icon={<ExclamationCircleOutlined />}>
              {t("capture.verdict.warn", { count: findings.length })}
            </Badge>
            <ul className="sn-findings">
              {findings.map((finding) => (
                <li key={finding.kind}>{textOf(finding)}</li>
              ))}
            </ul>
          </>
        )}
        <div className="sn-page-card-acts">
          <ActionButton size="small" type={wanted.length > 0 ? "primary" : "default"} icon={<RedoOutlined />} aria-label={t("capture.replace.of", { page: label })} disabledReason={closed} onClick={again}>
            {t("capture.replace")}
          </ActionButton>
          <ActionButton size="small" icon={<EyeOutlined />} onClick={onView}>
            {t("action.open")}
          </ActionButton>
          <ActionButton
            size="small"
            icon={<DeleteOutlined />}
            disabledReason={closed}
            loading={remove.isPending}
            onClick={discard}
          >
            {t("capture.delete")}
          </ActionButton>
        </div>
        <input
          ref={input}
          type="file"
          hidden
          accept={PAGE_FILES}
          onChange={(event) => {
            const [file] = Array.from(event.target.files ?? []);
            if (file !== undefined) onAgain(file);
            event.target.value = "";
          }}
        />
      </div>
    </li>
  );
}
