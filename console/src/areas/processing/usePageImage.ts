// The picture of a page as an address that an <img> takes.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { readPageImage, type ImageForm } from "@/api/archive";

/** Reads a page's picture once per version; the address lives as long as the component shows it. */
export function usePageImage(page: { page_id: string; version: number } | undefined, form: ImageForm) {
  const query = useQuery({
    queryKey: ["page-image", page?.page_id, page?.version, form],
    queryFn: ({ signal }) => readPageImage(page?.page_id ?? "", form, signal),
    enabled: page !== undefined,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const url = useObjectUrl(query.data);
  return { url, error: query.error, retry: () => void query.refetch() };
}

/** An address for bytes at hand; given back to the browser afterwards. */
export function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string | undefined>(undefined);
  useEffect(() => {
    if (blob === undefined) {
      setUrl(undefined);
      return undefined;
    }
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
