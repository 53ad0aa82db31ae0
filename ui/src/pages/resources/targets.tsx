import { EditOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import { pathOf } from "@/api/paths";
import { useMay } from "@/api/session";
import type { Page } from "@/api/shapes";
import { Listing } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { useDeletion } from "@/parts/useDeletion";
import { usePick } from "@/parts/usePick";
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
  const deletion = useDeletion("targets", (name) => t("targets.deleteWhat", { name }));
  const acts = (row: Target) => [
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    deletion(pathOf(`targets/${row.type}`, row.name), row.name),
  ];
  return (
    <>
      <p className="hint">{t("targets.hint")}</p>
      <Listing<Target>
        name="targets"
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
            {may && <NewButton onClick={() => setEdited("new")}>{t("targets.new")}</NewButton>}
          </>
        }
        acts={may && ((row) => <RowActs of={row.name} acts={acts(row)} />)}
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("targets.type"), key: "type", render: (_, row) => t(`targets.types.${row.type}`) },
          { title: t("targets.parent"), key: "parent", render: (_, row) => row.parent?.name ?? "–" },
          {
            title: t("targets.attributes"),
            key: "attributes",
            render: (_, row) => <span className="mono">{attributesOf(row)}</span>,
          },
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
