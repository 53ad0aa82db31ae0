import { Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { pathOf } from "@/api/paths";
import { FormDrawer } from "@/parts/FormDrawer";
import { useNames } from "@/parts/useNames";
import { NameField } from "./NameField";

type Kind = "sqlite" | "postgresql" | "mysql" | "ssh" | "http";

export interface Connection {
  name: string;
  kind: Kind;
  host: string;
  port: number | null;
  database: string;
  user: string;
  secret: string | null;
  options: Record<string, string>;
  description: string;
  updatedAt: string;
  updatedBy: string;
}

/** What a kind needs to know; the order is that of the choice. */
const KINDS: Record<Kind, { host: boolean; database: boolean; port?: number; options: string[] }> = {
  postgresql: { host: true, database: true, port: 5432, options: ["sslmode"] },
  mysql: { host: true, database: true, port: 3306, options: ["charset"] },
  sqlite: { host: false, database: true, options: [] },
  ssh: { host: true, database: false, port: 22, options: ["host_key"] },
  http: { host: true, database: false, options: ["scheme", "path", "auth"] },
};
const CHOICES: Record<string, string[]> = {
  sslmode: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
  scheme: ["https", "http"],
};

type Given = Omit<Connection, "updatedAt" | "updatedBy">;

/** Only what belongs to the kind, and of the options only what was filled in. */
export function bodyOf({ name: _, ...given }: Given) {
  const kind = KINDS[given.kind];
  const filled = Object.entries(given.options ?? {}).filter(
    ([key, value]) => kind.options.includes(key) && value,
  );
  return {
    kind: given.kind,
    host: kind.host ? (given.host ?? "") : "",
    port: kind.host ? (given.port ?? null) : null,
    database: kind.database ? (given.database ?? "") : "",
    user: kind.host ? (given.user ?? "") : "",
    secret: kind.host ? given.secret || null : null,
    options: Object.fromEntries(filled),
    description: given.description ?? "",
  };
}

export function ConnectionForm({ of, onClose }: { of: Connection | "new"; onClose: () => void }) {
  const { t } = useTranslation("resources");
  const old = of === "new" ? null : of;
  return (
    <FormDrawer<Given>
      title={old ? t("connections.editTitle", { name: old.name }) : t("connections.new")}
      initial={old ?? { kind: "postgresql" }}
      save={(given) => call("PUT", pathOf("connections", old?.name ?? given.name), { body: bodyOf(given) })}
      said={t("said.saved")}
      stale={["connections"]}
      onClose={onClose}
    >
      {!old && <NameField />}
      <Form.Item name="kind" label={t("col.kind")}>
        <Select
          options={Object.keys(KINDS).map((value) => ({ value, label: t(`connections.kind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={["kind"]}>
        {(form) => <Details kind={form.getFieldValue("kind")} />}
      </Form.Item>
      <Form.Item name="description" label={t("col.description")}>
        <Input />
      </Form.Item>
    </FormDrawer>
  );
}

function Details({ kind }: { kind: Kind }) {
  const { t } = useTranslation("resources");
  const known = KINDS[kind];
  const needed = [{ required: true, message: t("needed") }];
  return (
    <>
      {known.host && (
        <>
          <Form.Item name="host" label={t("connections.host")} rules={needed}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item name="port" label={t("connections.port")}>
            <InputNumber
              min={1}
              max={65535}
              placeholder={known.port?.toString()}
              style={{ width: "100%" }}
              controls={false}
            />
          </Form.Item>
        </>
      )}
      {known.database && (
        <Form.Item
          name="database"
          label={t(kind === "sqlite" ? "connections.file" : "connections.database")}
          rules={needed}
        >
          <Input autoComplete="off" />
        </Form.Item>
      )}
      {known.host && (
        <>
          <Form.Item name="user" label={t("connections.user")}>
            <Input autoComplete="off" />
          </Form.Item>
          <SecretChoice kind={kind} />
        </>
      )}
      {known.options.map((option) => (
        <Option key={option} name={option} />
      ))}
    </>
  );
}

function SecretChoice({ kind }: { kind: Kind }) {
  const { t } = useTranslation("resources");
  const secrets = useNames("secrets");
  return (
    <Form.Item
      name="secret"
      label={t("connections.secret")}
      extra={t(kind === "ssh" ? "connections.secretSsh" : "connections.secretHelp")}
    >
      <Select
        allowClear
        showSearch
        notFoundContent={t("connections.noSecrets")}
        options={secrets.map((value) => ({ value, label: value }))}
      />
    </Form.Item>
  );
}

function Option({ name }: { name: string }) {
  const { t } = useTranslation("resources");
  const choices = CHOICES[name];
  return (
    <Form.Item
      name={["options", name]}
      label={t(`connections.option.${name}.label`)}
      extra={t(`connections.option.${name}.help`)}
    >
      {choices ? (
        <Select allowClear options={choices.map((value) => ({ value, label: value }))} />
      ) : name === "host_key" ? (
        <Input.TextArea rows={3} className="json" spellCheck={false} />
      ) : (
        <Input autoComplete="off" />
      )}
    </Form.Item>
  );
}
