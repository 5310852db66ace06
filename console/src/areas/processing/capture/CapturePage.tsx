// Type, checklist, pages with their verdict, submit: the outlet's whole way in, by keyboard if wished.
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Item } from "@/api/types";
import { PageShell } from "@/kit/PageShell";
import { StageTrack } from "@/kit/StageTrack";
import { ErrorState, LoadingState } from "@/kit/States";
import { paths } from "@/paths";
import { Desk } from "./Desk";
import { useCapture } from "./useCapture";

export default function CapturePage() {
  const { t } = useTranslation();
  const capture = useCapture();
  const { types, item, id, sent } = capture;
  const body = () => {
    if (sent !== undefined) return <Sent item={sent} onAgain={capture.restart} />;
    if (types.data === undefined) return types.isError ? <ErrorState error={types.error} retry={() => void types.refetch()} /> : <LoadingState />;
    if (id === undefined || item.data !== undefined) return <Desk capture={capture} />;
    return item.isError ? <ErrorState error={item.error} retry={() => void item.refetch()} /> : <LoadingState />;
  };
  return (
    <PageShell title={t("capture.title")} note={t("capture.note")}>
      {body()}
    </PageShell>
  );
}

function Sent({ item, onAgain }: { item: Item; onAgain: () => void }) {
  const { t } = useTranslation();
  const position = item.queue_position ?? undefined;
  return (
    <div className="sn-state" role="status">
      <p className="sn-state-title">{t("capture.submitted", { no: item.item_no })}</p>
      {position !== undefined && <p className="sn-state-text">{t("capture.submitted.position", { position })}</p>}
      <StageTrack item={item} />
      <div className="sn-row">
        <Button type="primary" autoFocus onClick={onAgain}>
          {t("capture.again")}
        </Button>
        <Link to={paths.item(item.item_id)} className="sn-link-button">
          {t("capture.follow")}
        </Link>
      </div>
    </div>
  );
}
