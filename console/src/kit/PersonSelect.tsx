// Choosing one person among thousands: type a name or an employee number, and the server searches.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readPerson, readStaff } from "@/api/organization";
import type { StaffMember } from "@/api/types";

interface PersonSelectProps {
  label: string;
  value: string | undefined;
  onChange: (person: string | undefined) => void;
}

export function PersonSelect({ label, value, onChange }: PersonSelectProps) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const found = useQuery({
    queryKey: ["staff", "select", q],
    queryFn: ({ signal }) => readStaff({ q }, { limit: 20 }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const chosen = useQuery({ queryKey: ["person", value], queryFn: ({ signal }) => readPerson(value ?? "", signal), enabled: value !== undefined, staleTime: 60_000 });
  const rows = found.data?.items ?? [];
  const all = chosen.data === undefined || rows.some((row) => row.person_id === value) ? rows : [chosen.data, ...rows];
  const named = ({ name, employee_no }: StaffMember) => t("shell.person", { name, no: employee_no });
  return (
    <Select
      className="sn-filter"
      allowClear
      placeholder={label}
      aria-label={label}
      value={value ?? null}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={all.map((row) => ({ value: row.person_id, label: named(row) }))}
      onChange={(next: string | null | undefined) => onChange(next ?? undefined)}
    />
  );
}
