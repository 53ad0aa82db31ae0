import { App, Button, Descriptions, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { useSession } from "@/api/session";
import { ErrorNote } from "@/parts/Fault";
import { Names } from "@/parts/Names";
import { placed } from "@/parts/placed";
import { useUnsaved } from "@/parts/unsaved";
import { useAttempt } from "@/parts/useAttempt";
import { When } from "@/parts/When";

interface Given {
  current: string;
  password: string;
  again: string;
}

/** Who one is here, and one's password. */
export function Account() {
  const { t } = useTranslation("admin");
  const session = useSession().data;
  if (!session) return null;
  const { user } = session;
  return (
    <>
      <Descriptions
        className="attributes"
        bordered
        size="small"
        column={1}
        items={[
          { key: "name", label: t("users.name"), children: user.name },
          { key: "display", label: t("users.displayName"), children: user.displayName || "–" },
          { key: "email", label: t("users.email"), children: user.email || "–" },
          { key: "tenant", label: t("tenants.name"), children: session.tenant },
          { key: "roles", label: t("users.roles"), children: <Names of={user.roles} /> },
          { key: "until", label: t("account.until"), children: <When at={session.expiresAt} /> },
        ]}
      />
      <Password />
    </>
  );
}

function Password() {
  const { t } = useTranslation("admin");
  const [form] = Form.useForm<Given>();
  const { message } = App.useApp();
  const { busy, error, attempt } = useAttempt((failed) => placed(form, failed));
  useUnsaved(() => form.isFieldsTouched());
  const save = ({ current, password }: Given) =>
    attempt(async () => {
      await call("PUT", "/me/password", { body: { current, password } });
      form.resetFields();
      void message.success(t("account.changed"));
    });
  const needed = { required: true, message: t("needed") };
  return (
    <Form<Given>
      form={form}
      layout="vertical"
      onFinish={(given) => void save(given)}
      style={{ maxWidth: 400, marginTop: 24 }}
    >
      <h2 className="part">{t("account.title")}</h2>
      <Form.Item name="current" label={t("account.current")} rules={[needed]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item
        name="password"
        label={t("account.new")}
        rules={[needed, { min: 8, message: t("users.passwordShort") }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t("account.again")}
        dependencies={["password"]}
        rules={[
          needed,
          ({ getFieldValue }) => ({
            validator: (_, text) =>
              !text || text === getFieldValue("password")
                ? Promise.resolve()
                : Promise.reject(new Error(t("account.differs"))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {error !== null && (
        <div style={{ marginBottom: 16 }}>
          <ErrorNote error={error} />
        </div>
      )}
      <Button type="primary" htmlType="submit" loading={busy}>
        {t("account.save")}
      </Button>
    </Form>
  );
}
