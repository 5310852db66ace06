// Appointing a person to a post at an institution, for a time or until further notice.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { appoint, readPosts } from "@/api/organization";
import type { StaffMember } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { FormShell } from "@/kit/FormShell";
import { useLanguage } from "@/kit/language";
import { dateOf } from "@/kit/time";
import { InstitutionSelect } from "./InstitutionSelect";

interface Fields {
  post_id: string;
  institution_id: string;
  from: string;
  until?: string;
}

export function AppointDialog({ person, onClose }: { person: StaffMember; onClose: () => void }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { message } = App.useApp();
  const client = useQueryClient();
  const posts = useQuery({ queryKey: ["posts"], queryFn: ({ signal }) => readPosts(signal), staleTime: 60_000 });
  const run = useCommand(
    ({ until, ...fields }: Fields, intent) =>
      appoint({ person_id: person.person_id, ...fields, ...(until === undefined || until === "" ? {} : { until }) }, intent),
    () => {
      onClose();
      void message.success(t("person.appoint.done"));
      return client.invalidateQueries({ queryKey: ["person", person.person_id] });
    },
  );
  const today = dateOf(new Date().toISOString());
  return (
    <FormShell<Fields>
      open
      title={t("person.appoint.title", { name: person.name })}
      submit={t("person.appoint.submit")}
      busy={run.isPending}
      error={run.error}
      initial={{ institution_id: person.institution.institution_id, from: today }}
      onSubmit={(fields) => run.mutate(fields)}
      onClose={onClose}
    >
      <p className="sn-faint sn-form-note">{t("person.appoint.note")}</p>
      <Form.Item name="post_id" label={t("person.appoint.post")} rules={[{ required: true, message: t("person.appoint.post.required") }]}>
        <Select
          autoFocus
          loading={posts.isPending}
          showSearch={{ optionFilterProp: "label" }}
          options={(posts.data ?? []).map((post) => ({ value: post.post_id, label: `${nameOf(post)} ${post.code}` }))}
        />
      </Form.Item>
      <Form.Item name="institution_id" label={t("person.appoint.institution")} rules={[{ required: true, message: t("person.appoint.institution.required") }]}>
        <InstitutionSelect label={t("person.appoint.institution")} />
      </Form.Item>
      <Form.Item name="from" label={t("person.from")} rules={[{ required: true, message: t("person.appoint.from.required") }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item
        name="until"
        label={t("person.until")}
        extra={t("person.until.hint")}
        dependencies={["from"]}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_, value: string | undefined) => {
              const from = String(getFieldValue("from") ?? "");
              return value === undefined || value === "" || value >= from ? Promise.resolve() : Promise.reject(new Error(t("person.appoint.order")));
            },
          }),
        ]}
      >
        <Input type="date" min={today} />
      </Form.Item>
    </FormShell>
  );
}
