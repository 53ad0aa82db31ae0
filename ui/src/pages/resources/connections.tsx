import { ApiOutlined, DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { useMay } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { RowActs } from "@/parts/RowActs";
import { useAct, useAsk } from "@/parts/useAct";
import { When } from "@/parts/When";
import { type Connection, ConnectionForm } from "./connectionForm";
import { pathOf } from "./names";

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
        path="/connections"
        rowKey="name"
        search={t("search")}
        empty={t("connections.empty")}
        tools={
          may && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
              {t("connections.new")}
            </Button>
          )
        }
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("col.kind"), key: "kind", render: (_, row) => t(`connections.kind.${row.kind}`) },
          {
            title: t("connections.where"),
            key: "where",
            render: (_, row) => <span className="code">{whereOf(row)}</span>,
          },
          { title: t("connections.secret"), key: "secret", render: (_, row) => row.secret ?? "–" },
          { title: t("col.description"), dataIndex: "description", ellipsis: true },
          { title: t("col.updatedAt"), key: "at", render: (_, row) => <When at={row.updatedAt} /> },
          ...(may
            ? [
                {
                  title: t("col.acts"),
                  key: "acts",
                  fixed: "end" as const,
                  align: "right" as const,
                  render: (_: unknown, row: Connection) => <RowActs of={row.name} acts={acts(row)} />,
                },
              ]
            : []),
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
  const ask = useAsk();
  const test = async ({ name }: Connection) => {
    const found = await act({ do: () => post<Probe>(pathOf("connections", name, "/test"), {}) });
    if (!found) return;
    const values = { name, ms: found.latencyMs };
    if (found.ok) modal.success({ title: t("connections.reached", values) });
    else modal.error({ title: t("connections.notReached", values), content: found.message, width: 560 });
  };
  const remove = async ({ name }: Connection) => {
    if (!(await ask(t("delete.title"), t("connections.deleteWhat", { name }), t("delete.ok")))) return;
    await act({
      do: () => call("DELETE", pathOf("connections", name)),
      said: t("said.deleted", { name }),
      stale: ["connections"],
    });
  };
  return (row: Connection) => [
    { name: t("act.test"), icon: <ApiOutlined aria-hidden />, do: () => test(row) },
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => edit(row) },
    { name: t("act.delete"), icon: <DeleteOutlined aria-hidden />, danger: true, do: () => remove(row) },
  ];
}
