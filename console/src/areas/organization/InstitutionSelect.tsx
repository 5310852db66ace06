// One institution of the bank, by name or code.
import { readInstitution, readInstitutions } from "@/api/organization";
import type { Institution } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { SearchSelect, type SearchSelectField } from "@/kit/SearchSelect";

export function InstitutionSelect(field: SearchSelectField) {
  const { nameOf } = useLanguage();
  return (
    <SearchSelect<Institution>
      {...field}
      among="institutions"
      className="sn-filter-wide"
      search={(q, signal) => readInstitutions({ q }, { limit: 20 }, signal)}
      read={(institution, signal) => readInstitution(institution, signal)}
      idOf={(row) => row.institution_id}
      nameOf={(row) => `${nameOf(row)} ${row.code}`}
    />
  );
}
