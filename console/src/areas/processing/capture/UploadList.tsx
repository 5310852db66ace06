// Pages on their way, and pages that were not taken: what is wrong, in words and in a box on the picture.
import { LoadingOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/client";
import { useLanguage } from "@/kit/language";
import { ProblemText } from "@/kit/States";
import { BoxedImage, marksOf } from "../BoxedImage";
import { useObjectUrl } from "../usePageImage";
import type { Upload } from "./usePageUploads";

interface UploadListProps {
  uploads: Upload[];
  onAgain: (upload: Upload, keepWarnings: boolean) => void;
  onDismiss: (upload: Upload) => void;
}

export function UploadList({ uploads, onAgain, onDismiss }: UploadListProps) {
  const { t } = useTranslation();
  return uploads.map((upload) =>
    upload.phase === "failed" ? (
      <Refused key={upload.id} upload={upload} onAgain={onAgain} onDismiss={onDismiss} />
    ) : (
      <li key={upload.id} className="sn-page-card" aria-live="polite">
        <LoadingOutlined />
        <span>{t("capture.uploading", { name: upload.file.name })}</span>
      </li>
    ),
  );
}

function Refused({ upload, onAgain, onDismiss }: { upload: Upload } & Omit<UploadListProps, "uploads">) {
  const { t } = useTranslation();
  const { textOf } = useLanguage();
  // The browser shows what was refused from the person's own file: the server kept nothing of it.
  const shown = /^image\/(jpeg|png)$/.test(upload.file.type);
  const url = useObjectUrl(shown ? upload.file : undefined);
  const problem = upload.problem;
  const findings = problem instanceof ApiProblem ? problem.findings : [];
  const onlyWarnings = findings.length > 0 && findings.every((finding) => finding.severity === "warn");
  const refused = problem instanceof ApiProblem && problem.status < 500;
  return (
    <li className="sn-page-card sn-page-card-bad">
      <BoxedImage src={url} label={upload.file.name} marks={marksOf(findings)} />
      <div className="sn-page-card-words" role="alert">
        <strong>{t("capture.refusedPage", { name: upload.file.name })}</strong>
        {findings.length === 0 ? (
          <p>
            <ProblemText error={problem} />
          </p>
        ) : (
          <ul className="sn-findings">
            {findings.map((finding) => (
              <li key={finding.kind} className={finding.severity === "refuse" ? "sn-bad" : "sn-warn"}>
                {textOf(finding)}
              </li>
            ))}
          </ul>
        )}
        <div className="sn-page-card-acts">
          {onlyWarnings && (
            <Button size="small" onClick={() => onAgain(upload, true)}>
              {t("capture.keepWarnings")}
            </Button>
          )}
          {!refused && (
            <Button size="small" onClick={() => onAgain(upload, upload.keepWarnings)}>
              {t("capture.retryUpload")}
            </Button>
          )}
          <Button size="small" onClick={() => onDismiss(upload)}>
            {t("capture.dismiss")}
          </Button>
        </div>
      </div>
    </li>
  );
}
