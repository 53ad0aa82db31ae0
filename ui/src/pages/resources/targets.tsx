import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, get } from "@/api/client";
import { useMay } from "@/api/session";
import type { Page } from "@/api/shapes";
import { Listing } from "@/parts/Listing";
import { RowActs } from "@/parts/RowActs";
import { useAct, useAsk } from "@/parts/useAct";
import { usePick } from "@/parts/usePick";
import { pathOf } from "./names";
import { type Target, TargetForm, type TargetType } from "./targetForm";

/** What runs work on: clusters, their tenants and hosts. */
export function Targets() {
  const { t } = useTranslation("resources");
  const [edited, setEdited] = useState<Target | "new" | null>(null);
  const [type, pickType] = usePick("type");
  const may = useMay("TARGET_EDITOR");
  const types = useQuery({
    queryKey: ["target-types"],
    queryFn: ({ signal }) => get<Page<TargetType>>("/target-types", signal),
  });
  const remove = useRemove();
  const acts = (row: Target) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    { name: t("act.delete"), icon: <DeleteOutlined aria-hidden />, danger: true, do: () => remove(row) },
  ];
  return (
    <>
      <p className="hint">{t("targets.hint")}</p>
      <Listing<Target>
        name="targets"
        path="/targets"
        rowKey="id"
        search={t("targets.search")}
        more={{ type }}
        empty={t("targets.empty")}
        tools={
          <>
            <Select
              allowClear
              placeholder={t("targets.allTypes")}
              aria-label={t("targets.type")}
              value={type || undefined}
              onChange={pickType}
              style={{ minWidth: 140 }}
              options={types.data?.items.map(({ name }) => ({
                value: name,
                label: t(`targets.types.${name}`),
              }))}
            />
            {may && (
              <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
                {t("targets.new")}
              </Button>
            )}
          </>
        }
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("targets.type"), key: "type", render: (_, row) => t(`targets.types.${row.type}`) },
          { title: t("targets.parent"), key: "parent", render: (_, row) => row.parent?.name ?? "–" },
          {
            title: t("targets.attributes"),
            key: "attributes",
            render: (_, row) => <span className="code">{attributesOf(row)}</span>,
          },
          ...(may
            ? [
                {
                  title: t("col.acts"),
                  key: "acts",
                  fixed: "end" as const,
                  align: "right" as const,
                  render: (_: unknown, row: Target) => <RowActs of={row.name} acts={acts(row)} />,
                },
              ]
            : []),
        ]}
      />
      {edited && types.data && (
        <TargetForm of={edited} types={types.data.items} onClose={() => setEdited(null)} />
      )}
    </>
  );
}

/** `key=value` of all attributes, on one line. */
export function attributesOf({ attributes }: Pick<Target, "attributes">): string {
  const said = Object.entries(attributes).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return said.join(", ") || "–";
}

function useRemove() {
  const { t } = useTranslation("resources");
  const { act } = useAct();
  const ask = useAsk();
  return async ({ type, name }: Target) => {
    if (!(await ask(t("delete.title"), t("targets.deleteWhat", { name }), t("delete.ok")))) return;
    await act({
      do: () => call("DELETE", pathOf(`targets/${type}`, name)),
      said: t("said.deleted", { name }),
      stale: ["targets"],
    });
  };
}
