import { CheckCircleOutlined, EditOutlined, PlusOutlined, StopOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { useSession } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { RowActs } from "@/parts/RowActs";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { type User, UserForm } from "./userForm";

/** The people of the tenant. */
export function Users() {
  const { t } = useTranslation("admin");
  const [edited, setEdited] = useState<User | "new" | null>(null);
  const me = useSession().data?.user.id;
  const change = useSwitch();
  const acts = (row: User) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    row.disabled
      ? { name: t("act.enable"), icon: <CheckCircleOutlined aria-hidden />, do: () => change(row) }
      : {
          name: t("act.disable"),
          icon: <StopOutlined aria-hidden />,
          danger: true,
          off: row.id === me,
          do: () => change(row),
        },
  ];
  return (
    <>
      <p className="hint">{t("users.hint")}</p>
      <Listing<User>
        name="users"
        path="/users"
        rowKey="id"
        empty={t("users.empty")}
        tools={
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
            {t("users.new")}
          </Button>
        }
        columns={[
          { title: t("users.name"), dataIndex: "name" },
          { title: t("users.displayName"), key: "display", render: (_, row) => row.displayName || "–" },
          { title: t("users.email"), key: "email", render: (_, row) => row.email || "–" },
          { title: t("users.by"), key: "by", render: (_, row) => row.provider || t("users.byPassword") },
          { title: t("users.roles"), key: "roles", render: (_, row) => <Names of={row.roles} /> },
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
      {edited && <UserForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function useSwitch() {
  const { t } = useTranslation("admin");
  const { act } = useAct();
  const ask = useAsk();
  return async ({ id, name, disabled }: User) => {
    if (
      !disabled &&
      !(await ask(t("users.disableTitle"), t("users.disableWhat", { name }), t("act.disable")))
    )
      return;
    await act({
      do: () => call("PATCH", `/users/${id}`, { body: { disabled: !disabled } }),
      said: t(disabled ? "users.enabled" : "users.disabled", { name }),
      stale: ["users"],
    });
  };
}
