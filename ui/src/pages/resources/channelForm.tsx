import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { pathOf } from "@/api/paths";
import type { Json } from "@/api/shapes";
import { FormDrawer } from "@/parts/FormDrawer";
import { Headers } from "./Headers";
import { NameField } from "./NameField";

type Kind = "email" | "webhook" | "dingtalk" | "wecom" | "feishu" | "slack" | "apprise";

export interface Channel {
  id: number;
  name: string;
  kind: Kind;
  settings: Record<string, Json>;
  hasSecret: boolean;
  hasSigningKey: boolean;
  status: string;
  enabled: boolean;
  lastError: string | null;
  usedBy: string[];
  updatedAt: string;
}

const KINDS: Kind[] = ["email", "dingtalk", "wecom", "feishu", "slack", "webhook", "apprise"];
const SIGNED: Kind[] = ["dingtalk", "feishu"];

interface Given {
  name: string;
  kind: Kind;
  settings: Record<string, Json>;
  headers?: { name: string; value: string }[];
  secret?: string;
  signingKey?: string;
}

const OWN: Record<string, string[]> = {
  email: ["host", "port", "security", "user", "from", "to", "language"],
  webhook: ["url", "language"],
};

/** Only what belongs to the kind; a secret that was not typed stays what it is. */
export function bodyOf(given: Given) {
  const own = OWN[given.kind] ?? ["language"];
  const filled = Object.entries(given.settings ?? {}).filter(
    ([key, value]) => own.includes(key) && value !== "" && value !== null && value !== undefined,
  );
  const settings: Record<string, Json> = Object.fromEntries(filled);
  const headers = (given.headers ?? []).filter((each) => each?.name);
  if (given.kind === "webhook" && headers.length) {
    settings.headers = Object.fromEntries(headers.map(({ name, value }) => [name, value ?? ""]));
  }
  return {
    kind: given.kind,
    settings,
    ...(given.secret ? { secret: given.secret } : {}),
    ...(given.signingKey && SIGNED.includes(given.kind) ? { signingKey: given.signingKey } : {}),
  };
}

function initialOf(old: Channel | null): Partial<Given> {
  if (!old) return { kind: "email", settings: { security: "starttls" } };
  const headers = Object.entries((old.settings.headers as Record<string, string>) ?? {});
  return {
    kind: old.kind,
    settings: old.settings,
    headers: headers.map(([name, value]) => ({ name, value })),
  };
}

export function ChannelForm({ of, onClose }: { of: Channel | "new"; onClose: () => void }) {
  const { t } = useTranslation("resources");
  const old = of === "new" ? null : of;
  const save = (given: Given) =>
    old
      ? call("PUT", pathOf("channels", old.name), { body: bodyOf(given) })
      : call("POST", "/channels", { body: { name: given.name, ...bodyOf(given) } });
  return (
    <FormDrawer<Given>
      title={old ? t("channels.editTitle", { name: old.name }) : t("channels.new")}
      initial={initialOf(old)}
      save={save}
      said={t("channels.saved")}
      stale={["channels"]}
      onClose={onClose}
    >
      {!old && <NameField />}
      <Form.Item name="kind" label={t("col.kind")}>
        <Select options={KINDS.map((value) => ({ value, label: t(`channels.kind.${value}`) }))} />
      </Form.Item>
      <Form.Item noStyle dependencies={["kind"]}>
        {(form) => <Details kind={form.getFieldValue("kind")} old={old} />}
      </Form.Item>
      <Form.Item name={["settings", "language"]} label={t("channels.language")}>
        <Select
          allowClear
          placeholder="English"
          options={[
            { value: "en", label: "English" },
            { value: "zh", label: "中文" },
          ]}
        />
      </Form.Item>
    </FormDrawer>
  );
}

function Details({ kind, old }: { kind: Kind; old: Channel | null }) {
  const { t } = useTranslation("resources");
  const same = old?.kind === kind;
  const kept = (has: boolean | undefined) => (same && has ? t("channels.keep") : "");
  return (
    <>
      {kind === "email" && <Email />}
      {kind === "webhook" && <Webhook />}
      <Form.Item
        name="secret"
        label={t(`channels.secret.${kind}.label`)}
        extra={`${t(`channels.secret.${kind}.help`)} ${kept(old?.hasSecret)}`}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      {SIGNED.includes(kind) && (
        <Form.Item
          name="signingKey"
          label={t("channels.signingKey")}
          extra={`${t("channels.signingKeyHelp")} ${kept(old?.hasSigningKey)}`}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      )}
    </>
  );
}

function Email() {
  const { t } = useTranslation("resources");
  const needed = [{ required: true, message: t("needed") }];
  const name = (key: string) => ["settings", key];
  return (
    <>
      <Form.Item name={name("host")} label={t("channels.host")} rules={needed}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name={name("security")} label={t("channels.security")}>
        <Select
          options={["starttls", "ssl", "none"].map((value) => ({
            value,
            label: t(`channels.securities.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name={name("port")} label={t("channels.port")}>
        <InputNumber min={1} max={65535} placeholder="587" controls={false} style={{ width: "100%" }} />
      </Form.Item>
      <Form.Item name={name("user")} label={t("channels.user")}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name={name("from")} label={t("channels.from")} rules={needed}>
        <Input autoComplete="off" />
      </Form.Item>
      <Form.Item name={name("to")} label={t("channels.to")} extra={t("channels.toHelp")}>
        <Select mode="tags" open={false} tokenSeparators={[",", " ", ";"]} suffixIcon={null} />
      </Form.Item>
    </>
  );
}

function Webhook() {
  const { t } = useTranslation("resources");
  return (
    <>
      <Form.Item
        name={["settings", "url"]}
        label={t("channels.url")}
        rules={[{ required: true, message: t("needed") }]}
      >
        <Input placeholder="https://" autoComplete="off" />
      </Form.Item>
      <Headers />
    </>
  );
}
