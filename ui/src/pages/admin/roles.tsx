import { EditOutlined } from "@ant-design/icons";
import { Checkbox, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { useMay, useSession } from "@/api/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { useDeletion } from "@/parts/useDeletion";

interface Role {
  id: number;
  name: string;
  permissions: string[];
  builtIn: boolean;
}

/** Sets of permissions that users are given. */
export function Roles() {
  const { t } = useTranslation("admin");
  const [edited, setEdited] = useState<Role | "new" | null>(null);
  const may = useMay("USER_ADMIN");
  const deletion = useDeletion("roles", (name) => t("roles.deleteWhat", { name }));
  const acts = (row: Role) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, off: row.builtIn, do: () => setEdited(row) },
    { ...deletion(`/roles/${row.id}`, row.name), off: row.builtIn },
  ];
  return (
    <>
      <p className="hint">{t("roles.hint")}</p>
      <Listing<Role>
        name="roles"
        rowKey="id"
        empty={t("roles.empty")}
        tools={may && <NewButton onClick={() => setEdited("new")}>{t("roles.new")}</NewButton>}
        acts={may && ((row) => <RowActs of={row.name} acts={acts(row)} />)}
        columns={[
          { title: t("roles.name"), dataIndex: "name" },
          {
            title: t("roles.kind"),
            key: "kind",
            render: (_, row) => t(row.builtIn ? "roles.builtIn" : "roles.own"),
          },
          {
            title: t("roles.permissions"),
            key: "permissions",
            render: (_, row) => <Names of={row.permissions.map((name) => t(`permission.${name}`))} />,
          },
        ]}
      />
      {edited && <RoleForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

/** Only what one may oneself can be given to others: the choices are the own permissions. */
function RoleForm({ of, onClose }: { of: Role | "new"; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const own = useSession().data?.permissions ?? [];
  const old = of === "new" ? null : of;
  const offered = [...new Set([...own, ...(old?.permissions ?? [])])];
  const save = (given: { name: string; permissions: string[] }) =>
    old
      ? call("PUT", `/roles/${old.id}`, { body: { permissions: given.permissions ?? [] } })
      : post("/roles", { name: given.name, permissions: given.permissions ?? [] });
  return (
    <FormDrawer<{ name: string; permissions: string[] }>
      title={old ? t("roles.editTitle", { name: old.name }) : t("roles.new")}
      initial={{ name: old?.name, permissions: old?.permissions ?? [] }}
      save={save}
      said={t("said.saved")}
      stale={["roles"]}
      onClose={onClose}
    >
      {!old && (
        <Form.Item name="name" label={t("roles.name")} rules={[{ required: true, message: t("needed") }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="permissions" label={t("roles.permissions")} extra={t("roles.limit")}>
        <Checkbox.Group
          style={{ display: "grid", gap: 6 }}
          options={offered.map((value) => ({ value, label: t(`permission.${value}`) }))}
        />
      </Form.Item>
    </FormDrawer>
  );
}
