// Image pages: links to them live two minutes at most and work once.
import { command, newIntent, readImage } from "./client";

export type ImageForm = "display" | "thumbnail" | "original";

export const freshLink = (page: string, form: ImageForm) =>
  command<{ url: string; expires_at: string }>("POST", `/archive/pages/${page}/links`, { form }, { intent: newIntent() });

/** The picture itself: kept in memory while it is looked at, never in the browser's storage. */
export async function readPageImage(page: string, form: ImageForm, signal?: AbortSignal): Promise<Blob> {
  const { url } = await freshLink(page, form);
  return readImage(url, signal);
}
