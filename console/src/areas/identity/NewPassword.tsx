// The two fields of a new password, as activation and change need them.
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** The least length that the server accepts; it checks the rest of its rules itself. */
const shortest = 12;

export function NewPassword() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t("password.new")}
        extra={t("password.rule")}
        rules={[{ required: true, message: t("password.new.required") }, { min: shortest, message: t("password.short") }]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("password.again")}
        dependencies={["password"]}
        rules={[
          { required: true, message: t("password.new.required") },
          ({ getFieldValue }) => ({
            validator: (_, value: unknown) =>
              value === undefined || value === "" || value === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("password.again.mismatch"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={128} />
      </Form.Item>
    </>
  );
}
