import { ApiOutlined, EditOutlined } from "@ant-design/icons";
import { App } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { pathOf } from "@/api/paths";
import { useMay } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { useAct } from "@/parts/useAct";
import { useDeletion } from "@/parts/useDeletion";
import { When } from "@/parts/When";
import { type Connection, ConnectionForm } from "./connectionForm";

interface Probe {
  ok: boolean;
  message: string;
  latencyMs: number;
}

/** Databases, machines and services that steps reach by name. */
export function Connections() {
  const { t } = useTranslation("resources");
  const [edited, setEdited] = useState<Connection | "new" | null>(null);
  const may = useMay("RESOURCE_EDITOR");
  const acts = useActs(setEdited);
  return (
    <>
      <p className="hint">{t("connections.hint")}</p>
      <Listing<Connection>
        name="connections"
        rowKey="name"
        search={t("search")}
        empty={t("connections.empty")}
        tools={may && <NewButton onClick={() => setEdited("new")}>{t("connections.new")}</NewButton>}
        acts={may && ((row) => <RowActs of={row.name} acts={acts(row)} />)}
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("col.kind"), key: "kind", render: (_, row) => t(`connections.kind.${row.kind}`) },
          {
            title: t("connections.where"),
            key: "where",
            render: (_, row) => <span className="mono">{whereOf(row)}</span>,
          },
          { title: t("connections.secret"), key: "secret", render: (_, row) => row.secret ?? "–" },
          { title: t("col.description"), dataIndex: "description", ellipsis: true },
          { title: t("col.updatedAt"), key: "at", render: (_, row) => <When at={row.updatedAt} /> },
        ]}
      />
      {edited && <ConnectionForm of={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

/** `user@host:port/database`, as far as it is known. */
export function whereOf(row: Pick<Connection, "host" | "port" | "database" | "user">): string {
  const host = row.host && (row.port ? `${row.host}:${row.port}` : row.host);
  const user = row.user && host ? `${row.user}@` : "";
  const database = row.database && (host ? `/${row.database}` : row.database);
  return `${user}${host}${database}`;
}

function useActs(edit: (row: Connection) => void) {
  const { t } = useTranslation("resources");
  const { modal } = App.useApp();
  const { act } = useAct();
  const deletion = useDeletion("connections", (name) => t("connections.deleteWhat", { name }));
  const test = async ({ name }: Connection) => {
    const found = await act({ do: () => post<Probe>(pathOf("connections", name, "/test"), {}) });
    if (!found) return;
    const values = { name, ms: found.latencyMs };
    if (found.ok) modal.success({ title: t("connections.reached", values) });
    else modal.error({ title: t("connections.notReached", values), content: found.message, width: 560 });
  };
  return (row: Connection) => [
    { name: t("act.test"), icon: <ApiOutlined aria-hidden />, do: () => test(row) },
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => edit(row) },
    deletion(pathOf("connections", row.name), row.name),
  ];
}
