import { useQuery } from "@tanstack/react-query";
import { Alert, Breadcrumb, Descriptions, Segmented, Table, Tag } from "antd";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Page, Step } from "@/api/shapes";
import { GraphView } from "@/graph/GraphView";
import { LookIcon, LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import type { Graph } from "@/graph/model";
import { NodeList } from "@/graph/NodeList";
import { useStatus, useVersion } from "@/graph/statusStore";
import { withChanges } from "@/parts/address";
import { ErrorNote } from "@/parts/Fault";
import { RunLook } from "@/parts/RunLook";
import { Gantt } from "./Gantt";
import type { RunModel } from "./runModel";
import { JsonView, StepPanel } from "./StepPanel";
import "./runs.css";
import { Pending } from "@/parts/Pending";
import { instant, took } from "@/parts/time";
import type { OperationRecord, RunDetail } from "./shapes";
import { useEscape } from "./useEscape";
import { useNow, useRun } from "./useRun";
import { RunVerbs } from "./verbs";

const VIEWS = ["graph", "timeline", "list", "about"] as const;
type ViewName = (typeof VIEWS)[number];

/** One run: its graph live, its timeline, its steps, and what may be done now. */
export default function RunPage() {
  const { id = "" } = useParams();
  const found = useRun(id);
  if (found.failure) return <ErrorNote error={found.failure} retry={() => window.location.reload()} />;
  if (!found.run.data || !found.graph || !found.ready) return <Pending className="run-wait" />;
  return <RunView key={id} run={found.run.data} graph={found.graph} model={found.model} />;
}

interface Shown {
  run: RunDetail;
  graph: Graph;
  model: RunModel;
}

function RunView({ run, graph, model }: Shown) {
  const { t } = useTranslation("runs");
  const [params, setParams] = useSearchParams();
  const view = VIEWS.find((each) => each === params.get("view")) ?? "graph";
  const set = useCallback(
    (values: Record<string, string>) => setParams((before) => withChanges(before, values), { replace: true }),
    [setParams],
  );
  const chosen = useChosen(model, params, set);
  const close = () => {
    set({ step: "" });
    if (chosen.step) focusNode(chosen.step.node);
  };
  useEscape(() => chosen.step && close());
  return (
    <div className="run-page">
      <Head run={run} />
      <div className="run-bar">
        <Segmented<ViewName>
          aria-label={t("views")}
          value={view}
          onChange={(value) => set({ view: value })}
          options={VIEWS.map((value) => ({ value, label: t(`tab.${value}`) }))}
        />
        <Legend model={model} />
      </div>
      <div className={chosen.step ? "run-main run-main-split" : "run-main"}>
        <div className="run-view">
          <View {...{ view, run, graph, model, chosen }} />
        </div>
        {chosen.step && (
          <StepPanel
            key={chosen.step.id}
            model={model}
            node={chosen.step.node}
            step={chosen.step}
            onStep={(id) => set({ step: String(id) })}
            onClose={close}
          />
        )}
      </div>
    </div>
  );
}

/** What has been read about keeps the place of the keyboard. */
function focusNode(id: string): void {
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
}

interface Chosen {
  step: Step | undefined;
  focus: number;
  chooseNode: (node: string | null) => void;
  chooseStep: (step: Step) => void;
  find: (node: string) => void;
}

/** Which step is looked at; it stands in the address, so that it can be sent to somebody. */
function useChosen(
  model: RunModel,
  params: URLSearchParams,
  set: (values: Record<string, string>) => void,
): Chosen {
  const [focus, setFocus] = useState(0);
  const step = model.step(Number(params.get("step")));
  const chooseNode = useCallback(
    (node: string | null) => {
      const first = node === null ? undefined : foremostStep(model, node);
      set({ step: first ? String(first.id) : "" });
    },
    [model, set],
  );
  const chooseStep = useCallback((each: Step) => set({ step: String(each.id) }), [set]);
  const find = useCallback(
    (node: string) => {
      chooseNode(node);
      setFocus((before) => before + 1);
    },
    [chooseNode],
  );
  return { step, focus, chooseNode, chooseStep, find };
}

/** Of a fan-out the step that its box speaks of. */
function foremostStep(model: RunModel, node: string): Step | undefined {
  const steps = model.stepsOf(node);
  const look = model.nodes.get(node)?.look;
  return steps.find((step) => lookOf(step) === look) ?? steps[0];
}

function View({ view, run, graph, model, chosen }: Shown & { view: ViewName; chosen: Chosen }) {
  if (view === "timeline")
    return <Gantt run={run} model={model} selected={chosen.step?.id ?? null} onSelect={chosen.chooseStep} />;
  if (view === "about") return <About run={run} />;
  const list = <LiveList graph={graph} model={model} chosen={chosen} />;
  if (view === "list") return list;
  return (
    <div className="run-graph">
      <div className="run-canvas">
        <GraphView
          graph={graph}
          statuses={model.nodes}
          selected={chosen.step?.node ?? null}
          onSelect={chosen.chooseNode}
          focus={chosen.focus}
        />
      </div>
      <div className="run-nodes">{list}</div>
    </div>
  );
}

function LiveList({ graph, model, chosen }: { graph: Graph; model: RunModel; chosen: Chosen }) {
  const selected = useMemo(() => new Set(chosen.step ? [chosen.step.node] : []), [chosen.step]);
  const mark = useCallback((id: string) => <LiveMark id={id} model={model} />, [model]);
  return <NodeList nodes={graph.nodes} selected={selected} onSelect={chosen.find} mark={mark} />;
}

function LiveMark({ id, model }: { id: string; model: RunModel }) {
  const { t } = useTranslation("graph");
  const status = useStatus(model.nodes, id);
  if (!status) return null;
  return (
    <span className="look node-list-look">
      <LookIcon look={status.look} />
      {t(`look.${status.look}`)}
    </span>
  );
}

function Head({ run }: { run: RunDetail }) {
  const { t, i18n } = useTranslation("runs");
  const now = useNow(run.status === "RUNNING");
  useEffect(() => {
    document.title = `#${run.id} ${run.workflow} – Headrace`;
  }, [run.id, run.workflow]);
  return (
    <header className="run-head">
      <Breadcrumb items={[{ title: <Link to="/runs">{t("title")}</Link> }, { title: `#${run.id}` }]} />
      <div className="run-title">
        <h1>
          <Link to={workflowPath(run.workflow)}>{run.workflow}</Link> <small>#{run.id}</small>
        </h1>
        <RunLook run={run} />
        {run.mock && <Tag>{t("mock")}</Tag>}
        {run.debug && <Tag>{t("debug")}</Tag>}
        <span className="run-facts">
          {t("facts", {
            version: run.version,
            creator: run.creator.name,
            at: instant(run.startedAt ?? run.createdAt, i18n.language),
            took: took(run.startedAt, run.finishedAt, now),
          })}
        </span>
        <span className="run-verbs">
          <RunVerbs run={run} />
        </span>
      </div>
      {run.closing && <Alert type="warning" showIcon title={t("closing", { status: run.closing })} />}
      {run.message && (
        <Alert type={run.status === "FAILED" ? "error" : "info"} showIcon title={run.message} />
      )}
    </header>
  );
}

/** How many nodes stand how, in icons and words. */
function Legend({ model }: { model: RunModel }) {
  const version = useVersion(model.nodes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the statuses
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const [, status] of model.nodes.entries()) found.set(status.look, (found.get(status.look) ?? 0) + 1);
    return [...found].sort(([a], [b]) => a.localeCompare(b));
  }, [model, version]);
  return (
    <div className="run-legend">
      {counts.map(([look, count]) => (
        <LookMark key={look} look={look as never} note={String(count)} />
      ))}
    </div>
  );
}

function About({ run }: { run: RunDetail }) {
  const { t, i18n } = useTranslation(["runs", "graph"]);
  const operations = useQuery({
    queryKey: ["run", String(run.id), "operations"],
    queryFn: ({ signal }) => get<Page<OperationRecord>>(`/runs/${run.id}/operations`, signal),
  });
  const items = [
    { key: "trigger", label: t("column.trigger"), children: t(`trigger.${run.trigger}`) },
    { key: "creator", label: t("column.creator"), children: run.creator.name },
    { key: "created", label: t("column.createdAt"), children: instant(run.createdAt, i18n.language) },
    { key: "planned", label: t("column.plannedAt"), children: instant(run.plannedAt, i18n.language) },
    { key: "started", label: t("column.startedAt"), children: instant(run.startedAt, i18n.language) },
    { key: "finished", label: t("column.finishedAt"), children: instant(run.finishedAt, i18n.language) },
    { key: "deadline", label: t("deadline"), children: instant(run.deadline, i18n.language) },
    {
      key: "parent",
      label: t("parent"),
      children: run.parent ? (
        <Link to={`/runs/${run.parent.run}?step=${run.parent.step}`}>#{run.parent.run}</Link>
      ) : (
        "–"
      ),
    },
    {
      key: "targets",
      label: t("targets"),
      children: run.targets.length
        ? run.targets.map((each) => <Tag key={each.id}>{`${each.type}: ${each.name}`}</Tag>)
        : "–",
    },
  ];
  return (
    <div className="run-about">
      <Descriptions bordered size="small" column={{ xs: 1, md: 2 }} items={items} />
      <h2>{t("params")}</h2>
      <JsonView value={Object.keys(run.params).length ? run.params : null} />
      <h2>{t("operations")}</h2>
      <Table
        size="small"
        rowKey="id"
        pagination={false}
        loading={operations.isPending}
        dataSource={[...(operations.data?.items ?? [])].reverse()}
        columns={[
          {
            title: t("column.operation"),
            dataIndex: "verb",
            render: (verb: string) => t(`operation.${verb}`),
          },
          { title: t("column.creator"), dataIndex: "actor" },
          { title: t("column.status"), render: (_, each) => <LookMark look={lookOf(each)} /> },
          { title: t("column.startedAt"), render: (_, each) => instant(each.startedAt, i18n.language) },
          { title: t("column.finishedAt"), render: (_, each) => instant(each.finishedAt, i18n.language) },
        ]}
      />
    </div>
  );
}
