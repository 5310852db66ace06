// An act that needs a reason of the list, a note, or both.
import { useQuery } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { readReasons } from "@/api/processing";
import type { ReasonUse } from "@/api/types";
import { FormShell } from "@/kit/FormShell";
import { useLanguage } from "@/kit/language";

export interface ReasonFields {
  reason_code?: string;
  note?: string;
}

interface ReasonDialogProps {
  open: boolean;
  title: string;
  submit: string;
  danger?: boolean;
  /** Which reasons are offered; without one the note itself is the reason. */
  use: ReasonUse | undefined;
  busy: boolean;
  error: unknown;
  onSubmit: (fields: ReasonFields) => void;
  onClose: () => void;
}

export function ReasonDialog({ use, ...shell }: ReasonDialogProps) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const reasons = useQuery({ queryKey: ["reasons"], queryFn: ({ signal }) => readReasons(signal), staleTime: 5 * 60_000, enabled: shell.open && use !== undefined });
  const offered = (reasons.data ?? []).filter((reason) => use !== undefined && reason.uses.includes(use));
  const needsNote = (code: unknown) => use === undefined || offered.some((reason) => reason.code === code && reason.needs_note);
  return (
    <FormShell<ReasonFields> {...shell}>
      {use !== undefined && (
        <Form.Item name="reason_code" label={t("reason.choose")} rules={[{ required: true, message: t("reason.required") }]}>
          <Select
            autoFocus
            loading={reasons.isPending}
            showSearch={{ optionFilterProp: "label" }}
            options={offered.map((reason) => ({ value: reason.code, label: `${reason.code} ${nameOf(reason)}` }))}
          />
        </Form.Item>
      )}
      <Form.Item
        name="note"
        label={t(use === undefined ? "reason.text" : "reason.note")}
        dependencies={["reason_code"]}
        rules={[({ getFieldValue }) => ({ required: needsNote(getFieldValue("reason_code")), whitespace: true, message: t("reason.text.required") })]}
      >
        <Input.TextArea rows={3} maxLength={200} showCount autoFocus={use === undefined} />
      </Form.Item>
    </FormShell>
  );
}
