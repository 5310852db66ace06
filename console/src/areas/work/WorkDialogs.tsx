// Giving work to somebody else, or letting it overtake: both with a reason that the journal keeps.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { WorkItem } from "@/api/types";
import { readBoard, reassign, setPriority } from "@/api/work";
import { useCommand } from "@/api/useCommand";
import { FormShell } from "@/kit/FormShell";

interface DialogProps {
  work: WorkItem;
  onClose: () => void;
}

export function ReassignDialog({ work, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const done = useWorkChanged(onClose);
  const board = useQuery({ queryKey: ["board"], queryFn: ({ signal }) => readBoard(signal) });
  // Who may take it the server decides; offered are those who are there.
  const people = (board.data?.people ?? []).filter((person) => person.state !== "signed_out" && person.person_id !== (work.holder ?? work.assigned_to)?.person_id);
  const run = useCommand(
    ({ person_id, reason }: { person_id: string; reason: string }, intent) => reassign(work.work_item_id, person_id, reason, intent),
    (_, { person_id }) => {
      void message.success(t("work.reassign.done", { name: people.find((person) => person.person_id === person_id)?.name ?? "" }));
      return done();
    },
  );
  return (
    <FormShell<{ person_id: string; reason: string }>
      open
      title={t("work.reassign.title", { no: work.item_no })}
      submit={t("work.reassign")}
      busy={run.isPending}
      error={run.error}
      onSubmit={(fields) => run.mutate(fields)}
      onClose={onClose}
    >
      <Form.Item name="person_id" label={t("work.reassign.person")} rules={[{ required: true, message: t("work.reassign.person.required") }]}>
        <Select
          autoFocus
          loading={board.isPending}
          showSearch={{ optionFilterProp: "label" }}
          notFoundContent={t("work.reassign.none")}
          options={people.map((person) => ({ value: person.person_id, label: `${person.name} ${person.employee_no} · ${t(`presence.${person.state}`)}` }))}
        />
      </Form.Item>
      <ReasonField />
    </FormShell>
  );
}

const classes = [1, 2, 3, 4, 5];

export function PriorityDialog({ work, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const done = useWorkChanged(onClose);
  const run = useCommand(
    ({ priority_class, reason }: { priority_class: number; reason: string }, intent) => setPriority(work.work_item_id, priority_class, reason, intent),
    () => {
      void message.success(t("work.priority.done"));
      return done();
    },
  );
  return (
    <FormShell<{ priority_class: number; reason: string }>
      open
      title={t("work.priority.title", { no: work.item_no })}
      submit={t("work.priority.submit")}
      busy={run.isPending}
      error={run.error}
      initial={{ priority_class: work.priority_class }}
      onSubmit={(fields) => run.mutate(fields)}
      onClose={onClose}
    >
      <Form.Item name="priority_class" label={t("work.priority.class")}>
        <Radio.Group optionType="button" options={classes.map((value) => ({ value, label: String(value) }))} />
      </Form.Item>
      <ReasonField />
    </FormShell>
  );
}

function ReasonField() {
  const { t } = useTranslation();
  return (
    <Form.Item name="reason" label={t("reason.text")} rules={[{ required: true, whitespace: true, message: t("reason.text.required") }]}>
      <Input.TextArea rows={3} maxLength={200} showCount />
    </Form.Item>
  );
}

/** Closes the dialog and reads lists and board again. */
function useWorkChanged(onClose: () => void) {
  const client = useQueryClient();
  return () => {
    onClose();
    void client.invalidateQueries({ queryKey: ["board"] });
    return client.invalidateQueries({ queryKey: ["work"] });
  };
}
