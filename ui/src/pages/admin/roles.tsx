import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { useMay, useSession } from "@/api/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { RowActs } from "@/parts/RowActs";
import { useAct, useAsk } from "@/parts/useAct";

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
  const remove = useRemove();
  const acts = (row: Role) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, off: row.builtIn, do: () => setEdited(row) },
    {
      name: t("act.delete"),
      icon: <DeleteOutlined aria-hidden />,
      danger: true,
      off: row.builtIn,
      do: () => remove(row),
    },
  ];
  return (
    <>
      <p className="hint">{t("roles.hint")}</p>
      <Listing<Role>
        name="roles"
        path="/roles"
        rowKey="id"
        empty={t("roles.empty")}
        tools={
          may && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
              {t("roles.new")}
            </Button>
          )
        }
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
          ...(may
            ? [
                {
                  title: t("col.acts"),
                  key: "acts",
                  fixed: "end" as const,
                  align: "right" as const,
                  render: (_: unknown, row: Role) => <RowActs of={row.name} acts={acts(row)} />,
                },
              ]
            : []),
        ]}
      />
      {edited && <RoleForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useRemove() {
  const { t } = useTranslation("admin");
  const { act } = useAct();
  const ask = useAsk();
  return async ({ id, name }: Role) => {
    if (!(await ask(t("delete.title"), t("roles.deleteWhat", { name }), t("act.delete")))) return;
    await act({
      do: () => call("DELETE", `/roles/${id}`),
      said: t("said.deleted", { name }),
      stale: ["roles"],
    });
  };
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
