// Choosing one of thousands: type, and the server searches. What is chosen keeps its name though the search has moved on.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import type { Listing } from "@/api/types";

/** What a form hands to the field inside it, and what a filter sets by itself. */
export interface SearchSelectField {
  label: string;
  value?: string | undefined;
  onChange?: (value: string | undefined) => void;
  id?: string;
}

interface SearchSelectProps<T> extends SearchSelectField {
  /** Names what is searched among, for what was read before. */
  among: string;
  className?: string;
  search: (q: string, signal: AbortSignal) => Promise<Listing<T>>;
  read: (id: string, signal: AbortSignal) => Promise<T>;
  idOf: (row: T) => string;
  nameOf: (row: T) => string;
}

export function SearchSelect<T>({ label, value, onChange, id, among, className, search, read, idOf, nameOf }: SearchSelectProps<T>) {
  const [q, setQ] = useState("");
  const found = useQuery({
    queryKey: [among, "select", q],
    queryFn: ({ signal }) => search(q, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const chosen = useQuery({ queryKey: [among, "chosen", value], queryFn: ({ signal }) => read(value ?? "", signal), enabled: value !== undefined, staleTime: 60_000 });
  const rows = found.data?.items ?? [];
  const all = chosen.data === undefined || rows.some((row) => idOf(row) === value) ? rows : [chosen.data, ...rows];
  return (
    <Select
      className={className === undefined ? "sn-filter" : `sn-filter ${className}`}
      {...(id === undefined ? {} : { id })}
      allowClear
      placeholder={label}
      aria-label={label}
      value={value ?? null}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={all.map((row) => ({ value: idOf(row), label: nameOf(row) }))}
      onChange={(next: string | null | undefined) => onChange?.(next ?? undefined)}
    />
  );
}
