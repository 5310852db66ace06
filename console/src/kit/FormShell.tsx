// The one form: in a dialog, refusals above the fields, one button that acts, Ctrl+Enter for it.
import { Form, Modal, type FormInstance } from "antd";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/client";
import { useLanguage } from "./language";
import { ProblemBanner } from "./States";

interface FormShellProps<V> {
  open: boolean;
  title: string;
  /** What the acting button says. */
  submit: string;
  /** The act cannot be taken back: the button is red. */
  danger?: boolean;
  busy: boolean;
  error: unknown;
  initial?: Partial<V>;
  onSubmit: (values: V) => void;
  onClose: () => void;
  children: ReactNode;
}

export function FormShell<V extends object>({ open, title, submit, danger = false, busy, error, initial, onSubmit, onClose, children }: FormShellProps<V>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<V>();
  const field = useFieldProblem(form, error);
  return (
    <Modal
      open={open}
      title={title}
      okText={submit}
      cancelText={t("action.cancel")}
      okButtonProps={{ danger, loading: busy }}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
    >
      <Form<V>
        form={form}
        layout="vertical"
        requiredMark
        preserve={false}
        {...(initial === undefined ? {} : { initialValues: initial })}
        onFinish={onSubmit}
        onKeyDown={(event) => {
          if (event.ctrlKey && event.key === "Enter" && !event.nativeEvent.isComposing && !event.repeat) form.submit();
        }}
      >
        {!field && <ProblemBanner error={error} />}
        {children}
      </Form>
    </Modal>
  );
}

/** Puts a refusal that names a field at that field; tells whether it could. */
function useFieldProblem<V extends object>(form: FormInstance<V>, error: unknown): boolean {
  const { language } = useLanguage();
  const name = error instanceof ApiProblem ? error.field : undefined;
  const known = name !== undefined && Object.keys(form.getFieldsValue() as object).includes(name);
  useEffect(() => {
    if (!known || !(error instanceof ApiProblem)) return;
    form.setFields([{ name: name as never, errors: [error.text(language)] }]);
  }, [known, name, error, form, language]);
  return known;
}
