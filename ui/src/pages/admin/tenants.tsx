import { CheckCircleOutlined, EditOutlined, PlusOutlined, StopOutlined } from "@ant-design/icons";
import { Button, Form, Input, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { RowActs } from "@/parts/RowActs";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";

interface Tenant {
  id: number;
  name: string;
  maxWorkflows: number | null;
  disabled: boolean;
  workflows: number;
  users: number;
}

const DEFAULT = "default";

/** Separate sets of users, workflows and runs in one server. */
export function Tenants() {
  const { t } = useTranslation("admin");
  const [edited, setEdited] = useState<Tenant | "new" | null>(null);
  const change = useSwitch();
  const acts = (row: Tenant) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    row.disabled
      ? { name: t("act.enable"), icon: <CheckCircleOutlined aria-hidden />, do: () => change(row) }
      : {
          name: t("act.disable"),
          icon: <StopOutlined aria-hidden />,
          danger: true,
          off: row.name === DEFAULT,
          do: () => change(row),
        },
  ];
  return (
    <>
      <p className="hint">{t("tenants.hint")}</p>
      <Listing<Tenant>
        name="tenants"
        path="/tenants"
        rowKey="id"
        empty={t("tenants.empty")}
        tools={
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
            {t("tenants.new")}
          </Button>
        }
        columns={[
          { title: t("tenants.name"), dataIndex: "name" },
          {
            title: t("tenants.workflows"),
            key: "workflows",
            render: (_, row) =>
              row.maxWorkflows === null
                ? row.workflows
                : t("licence.usedOf", { used: row.workflows, most: row.maxWorkflows }),
          },
          { title: t("tenants.users"), dataIndex: "users" },
          {
            title: t("col.state"),
            key: "state",
            render: (_, row) => (
              <StateMark tone={row.disabled ? "off" : "good"}>
                {t(row.disabled ? "state.disabled" : "state.active")}
              </StateMark>
            ),
          },
          {
            title: t("col.acts"),
            key: "acts",
            fixed: "end",
            align: "right",
            render: (_, row) => <RowActs of={row.name} acts={acts(row)} />,
          },
        ]}
      />
      {edited && <TenantForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useSwitch() {
  const { t } = useTranslation("admin");
  const { act } = useAct();
  const ask = useAsk();
  return async ({ id, name, disabled }: Tenant) => {
    const title = t("tenants.disableTitle");
    if (!disabled && !(await ask(title, t("tenants.disableWhat", { name }), t("act.disable")))) return;
    await act({
      do: () => call("PATCH", `/tenants/${id}`, { body: { disabled: !disabled } }),
      said: t(disabled ? "tenants.enabled" : "tenants.disabled", { name }),
      stale: ["tenants"],
    });
  };
}

interface Given {
  name: string;
  admin: string;
  password: string;
  maxWorkflows?: number | null;
}

function TenantForm({ of, onClose }: { of: Tenant | "new"; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const old = of === "new" ? null : of;
  const needed = [{ required: true, message: t("needed") }];
  const save = ({ name, admin, password, maxWorkflows }: Given) =>
    old
      ? call("PATCH", `/tenants/${old.id}`, { body: { maxWorkflows: maxWorkflows ?? null } })
      : post("/tenants", { name, admin, password, maxWorkflows: maxWorkflows ?? null });
  return (
    <FormDrawer<Given>
      title={old ? t("tenants.editTitle", { name: old.name }) : t("tenants.new")}
      initial={{ admin: "admin", maxWorkflows: old?.maxWorkflows }}
      save={save}
      said={t("said.saved")}
      stale={["tenants"]}
      onClose={onClose}
    >
      {!old && (
        <>
          <Form.Item name="name" label={t("tenants.name")} rules={needed}>
            <Input autoFocus autoComplete="off" />
          </Form.Item>
          <Form.Item name="admin" label={t("tenants.admin")} extra={t("tenants.adminHelp")} rules={needed}>
            <Input autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("tenants.password")}
            rules={[...needed, { min: 8, message: t("users.passwordShort") }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </>
      )}
      <Form.Item name="maxWorkflows" label={t("tenants.max")} extra={t("tenants.maxHelp")}>
        <InputNumber min={0} style={{ width: "100%" }} />
      </Form.Item>
    </FormDrawer>
  );
}
