// One person of the bank, by name or employee number.
import { useTranslation } from "react-i18next";
import { readPerson, readStaff } from "@/api/organization";
import type { StaffMember } from "@/api/types";
import { SearchSelect, type SearchSelectField } from "./SearchSelect";

export function PersonSelect(field: SearchSelectField) {
  const { t } = useTranslation();
  return (
    <SearchSelect<StaffMember>
      {...field}
      among="staff"
      search={(q, signal) => readStaff({ q }, { limit: 20 }, signal)}
      read={(person, signal) => readPerson(person, signal)}
      idOf={(row) => row.person_id}
      nameOf={({ name, employee_no }) => t("shell.person", { name, no: employee_no })}
    />
  );
}
