// The terminal's camera: whether there is one, its picture while the dialog is open, and a still of it.
import { useEffect, useRef, useState, type RefObject } from "react";

/** Absent where a page may not use cameras, such as on plain HTTP. */
const devices = (): MediaDevices | undefined => (navigator as { mediaDevices?: MediaDevices }).mediaDevices;

/** Whether a camera is connected; follows plugging in and out. */
export function useHasCamera(): boolean {
  const [has, setHas] = useState(false);
  useEffect(() => {
    const known = devices();
    if (known === undefined) return undefined;
    let gone = false;
    const look = () =>
      void known.enumerateDevices().then(
        (all) => {
          if (!gone) setHas(all.some(({ kind }) => kind === "videoinput"));
        },
        () => setHas(false),
      );
    look();
    known.addEventListener("devicechange", look);
    return () => {
      gone = true;
      known.removeEventListener("devicechange", look);
    };
  }, []);
  return has;
}

export type CameraState = "starting" | "live" | "refused" | "failed";

/** Shows the camera in `video` while mounted; the light goes out with it. */
export function useCamera(video: RefObject<HTMLVideoElement | null>): CameraState {
  const [state, setState] = useState<CameraState>("starting");
  const stream = useRef<MediaStream | null>(null);
  useEffect(() => {
    let gone = false;
    const stop = () => {
      for (const track of stream.current?.getTracks() ?? []) track.stop();
      stream.current = null;
    };
    const start = async () => {
      // A page of A4 needs some 2,300 pixels across for 200 dots an inch; the gate judges what comes.
      const wanted = { video: { facingMode: "environment", width: { ideal: 4096 }, height: { ideal: 3072 } }, audio: false };
      const opened = await devices()?.getUserMedia(wanted);
      if (opened === undefined) throw new Error("no camera may be used here");
      stream.current = opened;
      if (gone || video.current === null) return stop();
      video.current.srcObject = opened;
      await video.current.play();
      if (!gone) setState("live");
    };
    start().catch((error: unknown) => {
      stop();
      if (!gone) setState(error instanceof DOMException && error.name === "NotAllowedError" ? "refused" : "failed");
    });
    return () => {
      gone = true;
      stop();
    };
  }, [video]);
  return state;
}

/** What the camera sees now, as a file; null when the browser made none. */
export async function still(video: HTMLVideoElement, name: string): Promise<File | null> {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  return blob === null ? null : new File([blob], name, { type: "image/jpeg" });
}
