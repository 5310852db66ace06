// A page from the camera: Space shoots, Esc closes.
import { CameraOutlined } from "@ant-design/icons";
import { Button, Modal } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useKeys } from "@/keys/KeyRouterProvider";
import { still, useCamera } from "./camera";

interface CameraDialogProps {
  /** The page that is captured. */
  page: string;
  /** How many more are taken; the dialog closes with the last. */
  room: number;
  onShot: (file: File) => void;
  onClose: () => void;
}

export function CameraDialog(props: CameraDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal open title={t("camera.title", { page: props.page })} footer={null} width="min(92vw, 1100px)" centered destroyOnHidden onCancel={props.onClose} closable={{ "aria-label": t("action.close") }}>
      <Camera {...props} />
    </Modal>
  );
}

function Camera({ page, room, onShot, onClose }: CameraDialogProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const state = useCamera(video);
  const [shots, setShots] = useState(0);
  const [failed, setFailed] = useState(false);
  const shoot = async () => {
    if (video.current === null || state !== "live" || shots >= room) return;
    const no = shots + 1;
    setShots(no);
    const file = await still(video.current, t("camera.file", { page, no }));
    setFailed(file === null);
    if (file === null) return setShots(shots);
    onShot(file);
    if (no >= room) onClose();
  };
  useKeys("dialog", [
    { id: "camera.shoot", label: t("key.camera.shoot"), keys: ["Space"], commit: true, run: () => void shoot() },
    { id: "camera.close", label: t("key.camera.close"), keys: ["Escape"], run: onClose },
  ]);
  return (
    <div className="sn-camera" data-state={state}>
      <video ref={video} className="sn-camera-picture" muted playsInline aria-label={t("camera.picture")} />
      <p role="status" className={state === "refused" || state === "failed" || failed ? "sn-bad" : "sn-faint"}>
        {failed ? t("camera.noStill") : state === "live" && shots > 0 ? t("camera.shots", { count: shots }) : t(`camera.${state}`)}
      </p>
      <Button type="primary" size="large" icon={<CameraOutlined />} autoFocus disabled={state !== "live"} onClick={() => void shoot()}>
        {t("camera.shoot")}
      </Button>
    </div>
  );
}
