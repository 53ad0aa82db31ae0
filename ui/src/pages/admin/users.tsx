import { EditOutlined } from "@ant-design/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { Active, useTurning } from "./turning";
import { type User, UserForm } from "./userForm";

/** The people of the tenant. */
export function Users() {
  const { t } = useTranslation("admin");
  const [edited, setEdited] = useState<User | "new" | null>(null);
  const me = useSession().data?.user.id;
  const turning = useTurning("users");
  const acts = (row: User) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    turning(row, row.id === me),
  ];
  return (
    <>
      <p className="hint">{t("users.hint")}</p>
      <Listing<User>
        name="users"
        rowKey="id"
        empty={t("users.empty")}
        tools={<NewButton onClick={() => setEdited("new")}>{t("users.new")}</NewButton>}
        acts={(row) => <RowActs of={row.name} acts={acts(row)} />}
        columns={[
          { title: t("users.name"), dataIndex: "name" },
          { title: t("users.displayName"), key: "display", render: (_, row) => row.displayName || "–" },
          { title: t("users.email"), key: "email", render: (_, row) => row.email || "–" },
          { title: t("users.by"), key: "by", render: (_, row) => row.provider || t("users.byPassword") },
          { title: t("users.roles"), key: "roles", render: (_, row) => <Names of={row.roles} /> },
          {
            title: t("col.state"),
            key: "state",
            render: (_, row) => <Active of={row} />,
          },
        ]}
      />
      {edited && <UserForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}
