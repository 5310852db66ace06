// A person, their posts, and appointing to or ending one.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { endAppointment, readPerson } from "@/api/organization";
import { useSession } from "@/api/session";
import type { Appointment, StaffMember } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { ActionButton } from "@/kit/ActionButton";
import { DetailShell, Properties } from "@/kit/DetailShell";
import { FormShell } from "@/kit/FormShell";
import { useLanguage } from "@/kit/language";
import { PageShell, Section } from "@/kit/PageShell";
import { Rows, type Column } from "@/kit/QueryTable";
import { EmptyState } from "@/kit/States";
import { paths } from "@/paths";
import { AppointDialog } from "./AppointDialog";

export default function PersonPage() {
  const { t } = useTranslation();
  const id = useParams()["person"] ?? "";
  const { can } = useSession();
  const [appointing, setAppointing] = useState(false);
  const person = useQuery({ queryKey: ["person", id], queryFn: ({ signal }) => readPerson(id, signal) });
  return (
    <PageShell
      title={person.data === undefined ? t("staff.title") : t("shell.person", { name: person.data.name, no: person.data.employee_no })}
      back={{ to: paths.staff(), label: t("person.back") }}
      actions={
        <>
          {can("session.view") && (
            <Link to={paths.sessions(id)} className="sn-link-button">
              {t("sessions.title")}
            </Link>
          )}
          <ActionButton type="primary" disabledReason={can("appointment.edit") ? undefined : t("person.edit.forbidden")} onClick={() => setAppointing(true)}>
            {t("person.appoint")}
          </ActionButton>
        </>
      }
    >
      <DetailShell query={person}>
        {(data) => (
          <>
            <Facts person={data} />
            <Posts person={data} />
            {appointing && <AppointDialog person={data} onClose={() => setAppointing(false)} />}
          </>
        )}
      </DetailShell>
    </PageShell>
  );
}

function Facts({ person }: { person: StaffMember }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  return (
    <Section title={t("person.facts")}>
      <Properties
        items={[
          { label: t("staff.employeeNo"), value: <span className="sn-number">{person.employee_no}</span> },
          { label: t("staff.name"), value: person.name },
          { label: t("staff.category"), value: t(`category.${person.category}`) },
          { label: t("staff.institution"), value: nameOf(person.institution) },
        ]}
      />
    </Section>
  );
}

function Posts({ person }: { person: StaffMember }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { can } = useSession();
  const [ended, setEnded] = useState<Appointment | undefined>(undefined);
  const reasonOf = (post: Appointment) =>
    !can("appointment.edit") ? t("person.edit.forbidden") : post.appointment_id === undefined ? t("person.end.noId") : undefined;
  const columns: Column<Appointment>[] = [
    { key: "post", title: t("person.appoint.post"), render: (post) => nameOf(post) },
    { key: "institution", title: t("person.appoint.institution"), render: (post) => nameOf(post.institution) },
    { key: "from", title: t("person.from"), render: (post) => <span className="sn-number">{post.from ?? "—"}</span> },
    { key: "until", title: t("person.until"), render: (post) => ((post.until ?? "") === "" ? t("person.open") : <span className="sn-number">{post.until}</span>) },
    {
      key: "act",
      title: t("table.acts"),
      titleHidden: true,
      align: "end",
      render: (post) => (
        <ActionButton size="small" danger disabledReason={reasonOf(post)} onClick={() => setEnded(post)}>
          {t("person.end")}
        </ActionButton>
      ),
    },
  ];
  return (
    <Section title={t("person.posts")} flush={person.posts.length > 0}>
      {person.posts.length === 0 ? (
        <EmptyState title={t("staff.posts.none")} />
      ) : (
        <Rows label={t("person.posts")} rows={person.posts} columns={columns} rowKey={(post) => post.appointment_id ?? `${post.post_id}-${post.institution.institution_id}`} />
      )}
      {ended !== undefined && <EndDialog person={person.person_id} post={ended} onClose={() => setEnded(undefined)} />}
    </Section>
  );
}

function EndDialog({ person, post, onClose }: { person: string; post: Appointment; onClose: () => void }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { message } = App.useApp();
  const client = useQueryClient();
  const end = useCommand(
    ({ reason }: { reason: string }, intent) => endAppointment(post.appointment_id ?? "", reason, intent),
    () => {
      onClose();
      void message.success(t("person.end.done"));
      return client.invalidateQueries({ queryKey: ["person", person] });
    },
  );
  return (
    <FormShell<{ reason: string }>
      open
      danger
      title={t("person.end.title", { post: nameOf(post) })}
      submit={t("person.end")}
      busy={end.isPending}
      error={end.error}
      onSubmit={(fields) => end.mutate(fields)}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t("reason.text")} rules={[{ required: true, whitespace: true, message: t("reason.text.required") }]}>
        <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
      </Form.Item>
    </FormShell>
  );
}
