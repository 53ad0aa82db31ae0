import { DeleteOutlined } from "@ant-design/icons";
import { Alert, Button, Collapse, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import type { Graph } from "@/graph/model";
import { type EdgeName, type Raw, renameNode, setNode } from "./document";
import { ChoiceField, Fields, FlagField, NumberField, TextField, ValueField } from "./fields";
import { KindForm } from "./KindForm";
import type { Known } from "./known";
import { asMap, asNumber, asText, orNothing, withKey } from "./values";

interface NodeFormProps {
  node: Raw;
  graph: Graph;
  ids: ReadonlySet<string>;
  known: Known;
  discrete: boolean;
  problems: string[];
  readOnly: boolean;
  change: (change: (text: string) => string, tag?: string) => void;
  onRename: (id: string) => void;
  connect: (edge: EdgeName) => void;
  disconnect: (edge: EdgeName) => void;
}

/** What the parts of the form work with: the node, and ways to change it. */
export interface Part extends NodeFormProps {
  set: (keys: Record<string, Json | undefined>) => void;
  /** A text of the node, as a field holds it. */
  held: (key: string) => { value: string | undefined; onChange: (value: string | undefined) => void };
}

/** Everything of one node, by its kind. */
export function NodeForm(props: NodeFormProps) {
  const { t } = useTranslation(["editor", "graph"]);
  const { node, change, problems } = props;
  const id = String(node.id);
  const kind = asText(node.kind) ?? "task";
  const set = (keys: Record<string, Json | undefined>) =>
    change((text) => setNode(text, id, keys), `${id}.${Object.keys(keys).join()}`);
  const held = (key: string) => ({
    value: asText(node[key]),
    onChange: (value: string | undefined) => set({ [key]: value }),
  });
  const part: Part = { ...props, set, held };
  const works = kind === "task" || kind === "workflow";
  const groups = [
    { key: "main", label: t(`graph:kind.${kind}`), children: <KindForm {...part} kind={kind} /> },
    { key: "flow", label: t("group.flow"), children: <Flow {...part} /> },
    works && { key: "trouble", label: t("group.trouble"), children: <Trouble {...part} /> },
    works && { key: "fan", label: t("group.fan"), children: <Fan {...part} /> },
    { key: "more", label: t("group.more"), children: <More {...part} /> },
  ].filter((group) => group !== false);
  return (
    <Fields readOnly={props.readOnly}>
      {problems.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={t("problemsHere")}
          description={
            <ul>
              {problems.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          }
        />
      )}
      <Identity {...part} />
      <Collapse size="small" ghost defaultActiveKey={["main", "flow"]} items={groups} />
    </Fields>
  );
}

function Identity({ node, ids, held, change, onRename }: Part) {
  const { t } = useTranslation("editor");
  const id = String(node.id);
  const rename = (to: string | undefined) => {
    if (!to) return;
    change((text) => renameNode(text, id, to));
    onRename(to);
  };
  const refuse = (to: string) =>
    to === id ? null : !to ? t("idNeeded") : ids.has(to) ? t("idTaken", { id: to }) : null;
  return (
    <>
      <TextField label={t("field.name")} placeholder={id} {...held("name")} />
      <TextField label={t("field.id")} help={t("help.id")} value={id} onChange={rename} refuse={refuse} />
      <TextField label={t("field.description")} lines={2} {...held("description")} />
    </>
  );
}

/** The edges into the node, and when it starts: the same as drawing lines, for keyboards. */
function Flow({ node, graph, set, held, connect, disconnect, readOnly }: Part) {
  const { t } = useTranslation("editor");
  const id = String(node.id);
  const into = graph.edges.filter((edge) => edge.target === id);
  const free = graph.nodes.filter((each) => each.id !== id && !into.some((edge) => edge.source === each.id));
  return (
    <>
      <div className="field">
        <span>{t("field.after")}</span>
        {into.map((edge) => (
          <div key={edge.id} className="edge-line">
            <span>
              {edge.source}
              {edge.case ? ` · ${edge.case}` : ""}
            </span>
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t("removeEdge", { from: edge.source })}
              onClick={() => disconnect(edge)}
            />
          </div>
        ))}
        <Select
          className="wide"
          aria-label={t("addUpstream")}
          placeholder={t("addUpstream")}
          showSearch
          disabled={readOnly}
          value={null}
          options={free.map((each) => ({
            value: each.id,
            label: each.name === each.id ? each.id : `${each.name} (${each.id})`,
          }))}
          onChange={(source: string) => connect({ source, target: id })}
        />
      </div>
      {into.length > 1 && (
        <ChoiceField
          label={t("field.join")}
          clearable={false}
          value={asText(node.join) ?? "all"}
          options={["all", "any"].map((value) => ({ value, label: t(`join.${value}`) }))}
          onChange={(value) => set({ join: value === "any" ? "any" : undefined })}
        />
      )}
      <TextField label={t("field.when")} help={t("help.when")} {...held("when")} />
    </>
  );
}

function Trouble({ node, set, held }: Part) {
  const { t } = useTranslation("editor");
  const retry = asMap(node.retry);
  const put = (key: string, value: Json | undefined) => set({ retry: orNothing(withKey(retry, key, value)) });
  return (
    <>
      <TextField label={t("field.timeout")} help={t("help.duration")} {...held("timeout")} />
      <NumberField
        label={t("field.retries")}
        min={0}
        max={1000}
        value={asNumber(retry.max)}
        onChange={(value) => put("max", value)}
      />
      <TextField
        label={t("field.delay")}
        help={t("help.duration")}
        value={asText(retry.delay)}
        placeholder="10s"
        onChange={(value) => put("delay", value)}
      />
      <NumberField
        label={t("field.backoff")}
        min={1}
        max={100}
        value={asNumber(retry.backoff)}
        onChange={(value) => put("backoff", value)}
      />
      <ChoiceField
        label={t("field.onLost")}
        options={["retry", "fail"].map((value) => ({ value, label: t(`onLost.${value}`) }))}
        {...held("on_lost")}
      />
      <FlagField
        label={t("field.noRollback")}
        value={node.rollback === "forbidden"}
        onChange={(value) => set({ rollback: value ? "forbidden" : undefined })}
      />
      {node.rollback !== "forbidden" && (
        <ValueField
          label={t("field.rollback")}
          help={t("help.rollback")}
          value={node.rollback}
          onChange={(rollback) => set({ rollback })}
        />
      )}
    </>
  );
}

function Fan({ node, set }: Part) {
  const { t } = useTranslation("editor");
  const fans = node.foreach !== undefined;
  return (
    <>
      <TextField
        label={t("field.foreach")}
        help={t("help.foreach")}
        value={asText(node.foreach)}
        placeholder="params.hosts"
        onChange={(foreach) =>
          set(foreach ? { foreach } : { foreach, max_parallel: undefined, mode: undefined })
        }
      />
      {fans && (
        <>
          <NumberField
            label={t("field.maxParallel")}
            min={1}
            max={10000}
            value={asNumber(node.max_parallel)}
            onChange={(value) => set({ max_parallel: value })}
          />
          <FlagField
            label={t("field.serial")}
            value={node.mode === "serial"}
            onChange={(value) => set({ mode: value ? "serial" : undefined })}
          />
        </>
      )}
    </>
  );
}

function More({ node, set, discrete }: Part) {
  const { t } = useTranslation("editor");
  const schedule = asMap(node.schedule);
  const put = (key: string, value: Json | undefined) =>
    set({ schedule: orNothing(withKey(schedule, key, value)) });
  return (
    <>
      {discrete && (
        <>
          <TextField
            label={t("field.cron")}
            help={t("help.nodeCron")}
            value={asText(schedule.cron)}
            placeholder="0 2 * * *"
            onChange={(value) => put("cron", value)}
          />
          <TextField
            label={t("field.timezone")}
            value={asText(schedule.timezone)}
            placeholder="Asia/Shanghai"
            onChange={(value) => put("timezone", value)}
          />
        </>
      )}
      <ValueField
        label={t("field.alarms")}
        help={t("help.alarms")}
        value={node.alarms}
        onChange={(alarms) => set({ alarms })}
      />
      <ValueField label={t("field.risk")} value={node.risk} onChange={(risk) => set({ risk })} />
    </>
  );
}
