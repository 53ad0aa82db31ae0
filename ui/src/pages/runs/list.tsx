import { useQueryClient } from "@tanstack/react-query";
import { Space, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "@/api/session";
import type { Run } from "@/api/shapes";
import { useRunChanges } from "@/api/useRunChanges";
import { lookOf } from "@/graph/looks";
import { Listing, type ListingProps } from "@/parts/Listing";
import { Place } from "@/parts/Place";
import { RunLook } from "@/parts/RunLook";
import { usePick } from "@/parts/usePick";
import { Bulk } from "./Bulk";
import "./runs.css";
import { instant, took } from "@/parts/time";

const STATUSES = ["RUNNING", "FAILED", "SUCCESSFUL", "CANCELED", "EXPIRED"];
const TRIGGERS = ["MANUAL", "SCHEDULED", "INVOKED", "API"];
const SOON = 800; // milliseconds

/** All runs of the tenant; what is shown stands in the address. */
export default function RunsPage() {
  const { t } = useTranslation("runs");
  const may = useMay("TASK_MANAGER");
  const [workflow, pickWorkflow] = usePick("workflow");
  const [chosen, setChosen] = useState<number[]>([]);
  const client = useQueryClient();
  useRunChanges(() => void client.invalidateQueries({ queryKey: ["runs"] }), SOON);
  return (
    <Place title={t("title")}>
      <Listing<Run>
        name="runs"
        rowKey="id"
        search={t("searchName")}
        searchAs="name"
        more={{ workflow }}
        tools={
          <>
            {workflow && (
              <Tag closable onClose={() => pickWorkflow(undefined)}>
                {t("onlyOf", { workflow })}
              </Tag>
            )}
            <Bulk chosen={chosen} onDone={() => setChosen([])} />
          </>
        }
        rowSelection={
          may
            ? {
                selectedRowKeys: chosen,
                preserveSelectedRowKeys: true,
                onChange: (keys) => setChosen(keys.map(Number)),
                getCheckboxProps: (run) => ({ "aria-label": t("choose", { id: run.id }) }) as object,
              }
            : undefined
        }
        columns={useColumns()}
        empty={t("empty")}
      />
    </Place>
  );
}

function useColumns(): ListingProps<Run>["columns"] {
  const { t, i18n } = useTranslation(["runs", "graph"]);
  return [
    {
      title: t("column.id"),
      key: "id",
      sorter: true,
      width: 90,
      render: (_, run) => <Link to={`/runs/${run.id}`}>#{run.id}</Link>,
    },
    {
      title: t("column.workflow"),
      key: "name",
      sorter: true,
      render: (_, run) => (
        <Space size={6}>
          <Link to={`/runs/${run.id}`}>{run.workflow}</Link>
          <span className="run-facts">v{run.version}</span>
        </Space>
      ),
    },
    {
      title: t("column.status"),
      key: "status",
      sorter: true,
      filters: STATUSES.map((value) => ({ value, text: t(`graph:look.${lookOf({ status: value })}`) })),
      render: (_, run) => <RunLook run={run} />,
    },
    {
      title: t("column.trigger"),
      key: "trigger",
      filters: TRIGGERS.map((value) => ({ value, text: t(`trigger.${value}`) })),
      render: (_, run) => t(`trigger.${run.trigger}`),
    },
    { title: t("column.creator"), key: "creator", render: (_, run) => run.creator.name },
    {
      title: t("column.createdAt"),
      key: "createdAt",
      sorter: true,
      render: (_, run) => instant(run.createdAt, i18n.language),
    },
    {
      title: t("column.finishedAt"),
      key: "finishedAt",
      sorter: true,
      render: (_, run) => instant(run.finishedAt, i18n.language),
    },
    {
      title: t("column.took"),
      key: "took",
      render: (_, run) => took(run.startedAt, run.finishedAt, Date.now()),
    },
  ];
}
