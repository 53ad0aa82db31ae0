import { CloseOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Descriptions, Segmented, Select, Table, Tabs, Tag } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "@/api/client";
import type { Json, Page, Step } from "@/api/shapes";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import type { Kind } from "@/graph/model";
import { KindIcon } from "@/graph/NodeBox";
import { useStatus } from "@/graph/statusStore";
import { ErrorNote } from "@/parts/Fault";
import { Pending } from "@/parts/Pending";
import { instant, took } from "@/parts/time";
import { LogViewer } from "./LogViewer";
import type { RunModel } from "./runModel";
import type { Attempt, StepDetail } from "./shapes";
import { useNow } from "./useRun";
import { StepVerbs } from "./verbs";

const AT_WORK = new Set(["READY", "RUNNING", "CANCELING"]);

interface StepPanelProps {
  model: RunModel;
  node: string;
  step: Step;
  onStep: (id: number) => void;
  onClose: () => void;
}

/** One step: how it stands, what people may do, its attempts and their logs, inputs and outputs. */
export function StepPanel({ model, node, step: given, onStep, onClose }: StepPanelProps) {
  const { t } = useTranslation(["runs", "graph"]);
  const step = useStatus(model.steps, String(given.id)) ?? given;
  const siblings = model.stepsOf(node);
  const detail = useQuery({
    queryKey: ["run", String(step.runId), "step", step.id],
    queryFn: ({ signal }) => get<StepDetail>(`/runs/${step.runId}/steps/${step.id}`, signal),
    staleTime: 0,
    placeholderData: (before) => (before?.id === step.id ? before : undefined),
  });
  return (
    <aside className="step-panel" aria-label={t("step.title", { name: step.name })}>
      <header className="step-head">
        <KindIcon kind={step.kind as Kind} />
        <h2>{step.name}</h2>
        <LookMark look={lookOf(step)} />
        <Button
          type="text"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t("step.close")}
          onClick={onClose}
        />
      </header>
      {siblings.length > 1 && (
        <Select
          className="step-siblings"
          showSearch
          aria-label={t("step.sibling")}
          value={step.id}
          onChange={onStep}
          options={siblings.map((each) => ({
            value: each.id,
            label: `[${each.parallelIdx}] ${t(`graph:look.${lookOf(each)}`)}`,
          }))}
        />
      )}
      {detail.error ? <ErrorNote error={detail.error} retry={() => void detail.refetch()} /> : null}
      {detail.data ? <StepVerbs step={detail.data} /> : <Pending rows={1} />}
      <Parts step={step} detail={detail.data} />
    </aside>
  );
}

function Parts({ step, detail }: { step: Step; detail?: StepDetail }) {
  const { t } = useTranslation("runs");
  const [tab, setTab] = useState(step.kind === "task" ? "log" : "state");
  const items = [
    { key: "log", label: t("step.log"), children: <Logs step={step} /> },
    { key: "state", label: t("step.state"), children: <State step={step} detail={detail} /> },
    { key: "attempts", label: t("step.attempts"), children: <Attempts step={step} /> },
    { key: "inputs", label: t("inputs"), children: <JsonView value={detail?.inputs ?? null} /> },
    { key: "outputs", label: t("outputs"), children: <JsonView value={detail?.outputs ?? null} /> },
  ];
  return (
    <Tabs
      className="full-tabs step-tabs"
      size="small"
      activeKey={tab}
      onChange={setTab}
      items={items}
      destroyOnHidden
    />
  );
}

function State({ step, detail }: { step: Step; detail?: StepDetail }) {
  const { t, i18n } = useTranslation(["runs", "graph"]);
  const now = useNow(!step.finishedAt && AT_WORK.has(step.status));
  const row = (key: string, label: string, children: React.ReactNode) => ({ key, label, children });
  const items = [
    row(
      "status",
      t("column.status"),
      <code>{`${step.status} × ${step.operation}${step.phase ? ` · ${step.phase}` : ""}`}</code>,
    ),
    step.wait ? row("wait", t("step.wait"), t(`graph:wait.${step.wait}`)) : null,
    step.reason ? row("reason", t("step.reason"), t(`graph:reason.${step.reason}`)) : null,
    step.message
      ? row("message", t("step.message"), <span className="step-message">{step.message}</span>)
      : null,
    step.progress != null ? row("progress", t("step.progress"), `${step.progress}%`) : null,
    row("started", t("column.startedAt"), instant(step.startedAt, i18n.language)),
    row("finished", t("column.finishedAt"), instant(step.finishedAt, i18n.language)),
    row("took", t("column.took"), took(step.startedAt, step.finishedAt, now)),
    step.executor ? row("executor", t("step.executor"), step.executor) : null,
    detail?.worker ? row("worker", t("step.worker"), detail.worker) : null,
    detail?.dueAt
      ? row("due", t("step.due"), `${instant(detail.dueAt, i18n.language)} (${t(`due.${detail.due}`)})`)
      : null,
    detail?.approvers.length ? row("approvers", t("step.approvers"), <Approvers detail={detail} />) : null,
    detail?.children.length ? row("children", t("step.children"), <Children ids={detail.children} />) : null,
    row("node", t("step.node"), <code>{step.node}</code>),
    row("id", t("step.id"), step.id),
  ].filter((item) => item !== null);
  return <Descriptions column={1} size="small" bordered items={items} />;
}

function Approvers({ detail }: { detail: StepDetail }) {
  const { t, i18n } = useTranslation("runs");
  return (
    <>
      {detail.approvers.map((who) => (
        <Tag key={`${who.role ?? ""}:${who.user ?? ""}`}>
          {who.role ? t("step.role", { name: who.role }) : who.user}
        </Tag>
      ))}
      {detail.votes.map((vote) => (
        <div key={vote.user} className="step-cast">
          <strong>{vote.name}</strong> {t(vote.approved ? "step.approved" : "step.rejected")} ·{" "}
          {instant(vote.at, i18n.language)}
          {vote.comment && <q>{vote.comment}</q>}
        </div>
      ))}
    </>
  );
}

function Children({ ids }: { ids: number[] }) {
  return (
    <>
      {ids.map((id) => (
        <Link key={id} to={`/runs/${id}`} className="step-child">
          #{id}
        </Link>
      ))}
    </>
  );
}

function useAttempts(step: Step) {
  return useQuery({
    queryKey: ["run", String(step.runId), "step", step.id, "attempts"],
    queryFn: ({ signal }) => get<Page<Attempt>>(`/runs/${step.runId}/steps/${step.id}/attempts`, signal),
    staleTime: 0,
  });
}

function Attempts({ step }: { step: Step }) {
  const { t, i18n } = useTranslation(["runs", "graph"]);
  const attempts = useAttempts(step);
  const told = (attempts.data?.items ?? []).filter((each) => each.reason || each.message);
  return (
    <Table
      size="small"
      rowKey="number"
      pagination={false}
      loading={attempts.isPending}
      dataSource={[...(attempts.data?.items ?? [])].reverse()}
      locale={{ emptyText: t("step.noAttempts") }}
      className="runs-table"
      columns={[
        { title: "#", dataIndex: "number" },
        { title: t("column.status"), render: (_, each) => <LookMark look={lookOf(each)} /> },
        {
          title: t("column.operation"),
          dataIndex: "operation",
          render: (verb: string) => t(`operation.${verb}`),
        },
        {
          title: t("column.startedAt"),
          dataIndex: "startedAt",
          render: (at: string) => instant(at, i18n.language),
        },
        { title: t("column.took"), render: (_, each) => took(each.startedAt, each.finishedAt, Date.now()) },
      ]}
      expandable={{
        showExpandColumn: false,
        expandedRowKeys: told.map((each) => each.number),
        expandedRowRender: (each) => (
          <span className="step-message">
            {[each.reason && t(`graph:reason.${each.reason}`), each.message].filter(Boolean).join(" · ")}
          </span>
        ),
      }}
    />
  );
}

function Logs({ step }: { step: Step }) {
  const { t } = useTranslation("runs");
  const [chosen, setChosen] = useState(step.attempt);
  useEffect(() => setChosen(step.attempt), [step.attempt]);
  if (step.attempt === 0) return <p className="log-none">{t("log.notStarted")}</p>;
  const numbers = Array.from({ length: step.attempt }, (_, index) => index + 1);
  const number = Math.min(chosen || step.attempt, step.attempt);
  const several = numbers.length > 1;
  return (
    <div className="step-log">
      {several && numbers.length <= 6 && (
        <Segmented
          size="small"
          aria-label={t("step.attempts")}
          value={number}
          onChange={setChosen}
          options={numbers.map((value) => ({ value, label: `#${value}` }))}
        />
      )}
      {several && numbers.length > 6 && (
        <Select
          size="small"
          aria-label={t("step.attempts")}
          value={number}
          onChange={setChosen}
          options={numbers.map((value) => ({ value, label: `#${value}` }))}
        />
      )}
      <LogViewer
        key={number}
        run={step.runId}
        step={step.id}
        attempt={number}
        live={number === step.attempt && AT_WORK.has(step.status)}
      />
    </div>
  );
}

/** A JSON value to read and copy. */
export function JsonView({ value }: { value: Json | undefined }) {
  const { t } = useTranslation("runs");
  if (value === null || value === undefined) return <p className="log-none">{t("nothing")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that keyboards can scroll it
    <pre className="json" tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
