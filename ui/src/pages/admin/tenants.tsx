import { EditOutlined } from "@ant-design/icons";
import { Form, Input, InputNumber } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { Active, useTurning } from "./turning";

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
  const turning = useTurning("tenants");
  const acts = (row: Tenant) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    turning(row, row.name === DEFAULT),
  ];
  return (
    <>
      <p className="hint">{t("tenants.hint")}</p>
      <Listing<Tenant>
        name="tenants"
        rowKey="id"
        empty={t("tenants.empty")}
        tools={<NewButton onClick={() => setEdited("new")}>{t("tenants.new")}</NewButton>}
        acts={(row) => <RowActs of={row.name} acts={acts(row)} />}
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
            render: (_, row) => <Active of={row} />,
          },
        ]}
      />
      {edited && <TenantForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
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
