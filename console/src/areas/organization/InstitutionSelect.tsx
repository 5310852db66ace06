// Choosing one institution among hundreds: type, and the server searches.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { readInstitution, readInstitutions } from "@/api/organization";
import { useLanguage } from "@/kit/language";

interface InstitutionSelectProps {
  label: string;
  value?: string | undefined;
  onChange?: (value: string | undefined) => void;
  id?: string;
}

export function InstitutionSelect({ label, value, onChange, id }: InstitutionSelectProps) {
  const { nameOf } = useLanguage();
  const [q, setQ] = useState("");
  const found = useQuery({
    queryKey: ["institutions", "select", q],
    queryFn: ({ signal }) => readInstitutions({ q }, { limit: 20 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const chosen = useQuery({ queryKey: ["institution", value], queryFn: ({ signal }) => readInstitution(value ?? "", signal), enabled: value !== undefined, staleTime: 60_000 });
  const rows = found.data?.items ?? [];
  const all = chosen.data === undefined || rows.some((row) => row.institution_id === value) ? rows : [chosen.data, ...rows];
  return (
    <Select
      className="sn-filter sn-filter-wide"
      {...(id === undefined ? {} : { id })}
      allowClear
      placeholder={label}
      aria-label={label}
      value={value ?? null}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={all.map((row) => ({ value: row.institution_id, label: `${nameOf(row)} ${row.code}` }))}
      onChange={(next: string | null | undefined) => onChange?.(next ?? undefined)}
    />
  );
}
