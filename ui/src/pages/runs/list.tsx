import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Empty, Input, Space, Table, type TableProps, Tag } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { get, query } from "@/api/client";
import { useMay } from "@/api/session";
import type { Page, Run } from "@/api/shapes";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import { ErrorNote } from "@/parts/Fault";
import { Bulk } from "./Bulk";
import { type ListState, readState, withFilters, writeState } from "./listState";
import { listen } from "./live";
import "./runs.css";
import { instant, noted, took } from "./time";

const STATUSES = ["RUNNING", "FAILED", "SUCCESSFUL", "CANCELED", "EXPIRED"];
const TRIGGERS = ["MANUAL", "SCHEDULED", "INVOKED", "API"];
const SOON = 800; // milliseconds

/** All runs of the tenant; what is shown stands in the address. */
export default function RunsPage() {
  const { t } = useTranslation("runs");
  const [params, setParams] = useSearchParams();
  const state = readState(params);
  const show = (next: ListState) => setParams(writeState(next));
  const runs = useRuns(state);
  const [chosen, setChosen] = useState<number[]>([]);
  useEffect(() => {
    document.title = `${t("title")} – Headrace`;
  }, [t]);
  return (
    <div className="runs-page">
      <div className="runs-head">
        <h1>{t("title")}</h1>
        <Space wrap>
          <Input.Search
            key={state.name}
            allowClear
            defaultValue={state.name}
            placeholder={t("searchName")}
            aria-label={t("searchName")}
            onSearch={(name) => show(withFilters(state, { name }))}
            style={{ width: 280, maxWidth: "100%" }}
          />
          {state.workflow && (
            <Tag closable onClose={() => show(withFilters(state, { workflow: "" }))}>
              {t("onlyOf", { workflow: state.workflow })}
            </Tag>
          )}
          <Bulk chosen={chosen} onDone={() => setChosen([])} />
        </Space>
      </div>
      {runs.error ? (
        <ErrorNote error={runs.error} retry={() => void runs.refetch()} />
      ) : (
        <RunTable {...{ state, show, chosen, setChosen }} page={runs.data} busy={runs.isPending} />
      )}
    </div>
  );
}

function useRuns(state: ListState) {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["runs"] });
      }, SOON);
    };
    const stop = listen({ url: () => "/api/v1/events", on: { runs: again }, onReturn: again });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
  const { name, workflow, status, trigger, sort, page, size } = state;
  const asked = query({ name, workflow, status, trigger, sort: sort ? [sort] : [], page, size });
  return useQuery({
    queryKey: ["runs", asked],
    queryFn: ({ signal }) => get<Page<Run>>(`/runs${asked}`, signal),
    placeholderData: keepPreviousData,
  });
}

interface RunTableProps {
  state: ListState;
  show: (next: ListState) => void;
  page: Page<Run> | undefined;
  busy: boolean;
  chosen: number[];
  setChosen: (ids: number[]) => void;
}

function RunTable({ state, show, page, busy, chosen, setChosen }: RunTableProps) {
  const { t } = useTranslation("runs");
  const may = useMay("TASK_MANAGER");
  const changed: TableProps<Run>["onChange"] = (pages, filters, sorter) => {
    const one = Array.isArray(sorter) ? sorter[0] : sorter;
    const sort = one?.order ? `${String(one.columnKey)},${one.order === "ascend" ? "asc" : "desc"}` : "";
    const status = (filters.status ?? []).map(String);
    const trigger = (filters.trigger ?? []).map(String);
    const same = String(status) === String(state.status) && String(trigger) === String(state.trigger);
    const next = { ...state, status, trigger, sort, size: pages.pageSize ?? state.size };
    show({ ...next, page: same && sort === state.sort ? (pages.current ?? 1) : 1 });
  };
  const filtered = Boolean(state.name || state.workflow || state.status.length || state.trigger.length);
  return (
    <Table<Run>
      rowKey="id"
      size="middle"
      columns={useColumns(state)}
      dataSource={page?.items ?? []}
      loading={busy}
      onChange={changed}
      className="runs-table"
      locale={{ emptyText: <Empty description={t(filtered ? "emptyFiltered" : "empty")} /> }}
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
      pagination={{
        current: state.page,
        pageSize: state.size,
        total: page?.total ?? 0,
        showSizeChanger: true,
        pageSizeOptions: [10, 20, 50, 100],
        showTotal: (total) => t("total", { count: total }),
      }}
    />
  );
}

function useColumns(state: ListState): TableProps<Run>["columns"] {
  const { t, i18n } = useTranslation(["runs", "graph"]);
  const [field, direction] = state.sort.split(",");
  const sorted = (key: string) => ({
    key,
    sorter: true,
    sortOrder: field === key ? (direction === "asc" ? ("ascend" as const) : ("descend" as const)) : null,
  });
  return [
    {
      title: t("column.id"),
      ...sorted("id"),
      width: 90,
      render: (_, run) => <Link to={`/runs/${run.id}`}>#{run.id}</Link>,
    },
    {
      title: t("column.workflow"),
      ...sorted("name"),
      render: (_, run) => (
        <Space size={6}>
          <Link to={`/runs/${run.id}`}>{run.workflow}</Link>
          <span className="run-facts">v{run.version}</span>
        </Space>
      ),
    },
    {
      title: t("column.status"),
      ...sorted("status"),
      key: "status",
      filters: STATUSES.map((value) => ({ value, text: t(`graph:look.${lookOf({ status: value })}`) })),
      filteredValue: state.status,
      render: (_, run) => (
        <LookMark look={lookOf(run)} note={noted(run) ? t(`operation.${run.operation}`) : null} />
      ),
    },
    {
      title: t("column.trigger"),
      key: "trigger",
      filters: TRIGGERS.map((value) => ({ value, text: t(`trigger.${value}`) })),
      filteredValue: state.trigger,
      render: (_, run) => t(`trigger.${run.trigger}`),
    },
    { title: t("column.creator"), key: "creator", render: (_, run) => run.creator.name },
    {
      title: t("column.createdAt"),
      ...sorted("createdAt"),
      render: (_, run) => instant(run.createdAt, i18n.language),
    },
    {
      title: t("column.finishedAt"),
      ...sorted("finishedAt"),
      render: (_, run) => instant(run.finishedAt, i18n.language),
    },
    {
      title: t("column.took"),
      key: "took",
      render: (_, run) => took(run.startedAt, run.finishedAt, Date.now()),
    },
  ];
}
