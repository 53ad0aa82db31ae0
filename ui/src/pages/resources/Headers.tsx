import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";

/** Headers of a webhook, one a row. */
export function Headers() {
  const { t } = useTranslation("resources");
  return (
    <Form.Item label={t("channels.headers")}>
      <Form.List name="headers">
        {(rows, { add, remove }) => (
          <>
            {rows.map(({ key, name }) => (
              <div key={key} style={{ display: "flex", gap: 8, marginBottom: 8 }}>
                <Form.Item name={[name, "name"]} noStyle>
                  <Input placeholder={t("col.name")} aria-label={t("channels.headerName")} />
                </Form.Item>
                <Form.Item name={[name, "value"]} noStyle>
                  <Input placeholder={t("targets.value")} aria-label={t("channels.headerValue")} />
                </Form.Item>
                <Button
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t("channels.headerDelete")}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add()}>
              {t("channels.headerAdd")}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  );
}
