// One page of an item in a large window, with its findings boxed.
import { Modal } from "antd";
import { useTranslation } from "react-i18next";
import type { Page } from "@/api/types";
import { ImageViewer, type Box } from "@/kit/ImageViewer";
import { ErrorState } from "@/kit/States";
import { marksOf } from "./BoxedImage";
import { usePageImage } from "./usePageImage";

/** The picture with zoom and boxes, where it stands. */
export function PageImage({ page, label, boxes }: { page: Page; label: string; boxes?: Box[] }) {
  const { url, error, retry } = usePageImage(page, "display");
  if (error !== null) return <ErrorState error={error} retry={retry} />;
  return <ImageViewer src={url} label={label} width={page.width} height={page.height} boxes={[...marksOf(page.verdict.findings), ...(boxes ?? [])]} />;
}

export function PageDialog({ page, label, boxes, onClose }: { page: Page | undefined; label: string; boxes?: Box[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={page !== undefined} title={label} onCancel={onClose} footer={null} width="92vw" centered destroyOnHidden closable={{ "aria-label": t("action.close") }}>
      <div className="sn-dialog-viewer">{page !== undefined && <PageImage page={page} label={label} {...(boxes === undefined ? {} : { boxes })} />}</div>
    </Modal>
  );
}
