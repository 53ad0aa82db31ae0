import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** The name of a new resource; what it may be is also what an address can hold. */
export function NameField() {
  const { t } = useTranslation("resources");
  const rule = { required: true, pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, message: t("nameWrong") };
  return (
    <Form.Item name="name" label={t("col.name")} extra={t("nameHelp")} rules={[rule]}>
      <Input autoFocus autoComplete="off" />
    </Form.Item>
  );
}
