import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Collapse, Input, Segmented, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import type { Graph } from "@/graph/model";
import type { CodeLanguage } from "./Code";
import { type EdgeName, type Raw, renameNode, setNode } from "./document";
import { ChoiceField, CodeField, FlagField, NumberField, TextField, TextsField, ValueField } from "./fields";
import type { Known } from "./known";

export interface NodeFormProps {
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

interface Part extends NodeFormProps {
  set: (keys: Record<string, Json | undefined>) => void;
}

const asText = (value: Json | undefined) =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
const asNumber = (value: Json | undefined) => (typeof value === "number" ? value : undefined);
const asFlag = (value: Json | undefined) => (typeof value === "boolean" ? value : undefined);
const asMap = (value: Json | undefined): Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
const asTexts = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : undefined);
const orNothing = (map: Raw): Raw | undefined => (Object.keys(map).length ? map : undefined);

/** A mapping with one key changed; undefined takes it away. */
function withKey(map: Raw, key: string, value: Json | undefined): Raw {
  const { [key]: _, ...rest } = map;
  return value === undefined ? rest : { ...map, [key]: value };
}

/** Everything of one node, by its kind. */
export function NodeForm(props: NodeFormProps) {
  const { t } = useTranslation(["editor", "graph"]);
  const { node, change, problems } = props;
  const id = String(node.id);
  const kind = asText(node.kind) ?? "task";
  const set = (keys: Record<string, Json | undefined>) =>
    change((text) => setNode(text, id, keys), `${id}.${Object.keys(keys).join()}`);
  const part: Part = { ...props, set };
  const works = kind === "task" || kind === "workflow";
  const groups = [
    { key: "main", label: t(`graph:kind.${kind}`), children: <Main {...part} kind={kind} /> },
    { key: "flow", label: t("group.flow"), children: <Flow {...part} /> },
    works && { key: "trouble", label: t("group.trouble"), children: <Trouble {...part} /> },
    works && { key: "fan", label: t("group.fan"), children: <Fan {...part} /> },
    { key: "more", label: t("group.more"), children: <More {...part} /> },
  ].filter((group) => group !== false);
  return (
    <fieldset className="node-form" disabled={props.readOnly}>
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
    </fieldset>
  );
}

function Identity({ node, ids, set, change, onRename }: Part) {
  const { t } = useTranslation("editor");
  const id = String(node.id);
  const rename = (to: string | undefined) => {
    if (!to || ids.has(to)) return;
    change((text) => renameNode(text, id, to));
    onRename(to);
  };
  return (
    <>
      <TextField
        label={t("field.name")}
        value={asText(node.name)}
        placeholder={id}
        onChange={(name) => set({ name })}
      />
      <TextField label={t("field.id")} help={t("help.id")} value={id} onChange={rename} />
      <TextField
        label={t("field.description")}
        lines={2}
        value={asText(node.description)}
        onChange={(description) => set({ description })}
      />
    </>
  );
}

function Main({ kind, ...part }: Part & { kind: string }) {
  if (kind === "approval") return <Approval {...part} />;
  if (kind === "decision") return <Decision {...part} />;
  if (kind === "timer") return <Timer {...part} />;
  if (kind === "workflow") return <Child {...part} />;
  return <Task {...part} />;
}

/** What stands in editors of their own; every other input is written as YAML below them. */
const SCRIPTS: Record<string, { key: string; language: CodeLanguage }> = {
  shell: { key: "script", language: "shell" },
  ssh: { key: "script", language: "shell" },
  python: { key: "script", language: "python" },
  sql: { key: "sql", language: "sql" },
};
const LINES: Record<string, string[]> = { http: ["url", "method"], sql: ["url"], sleep: [] };
const CONNECTED = new Set(["sql", "ssh", "http"]);

function Task(part: Part) {
  const { t } = useTranslation("editor");
  const { node, known, set } = part;
  return (
    <>
      <ChoiceField
        label={t("field.executor")}
        clearable={false}
        value={asText(node.executor)}
        options={known.executors.map((value) => ({ value }))}
        onChange={(executor) => set({ executor })}
      />
      <Inputs {...part} executor={asText(node.executor) ?? ""} />
    </>
  );
}

function Inputs({ node, known, set, executor }: Part & { executor: string }) {
  const { t } = useTranslation("editor");
  const given = asMap(node.with);
  const put = (key: string, value: Json | undefined) => set({ with: orNothing(withKey(given, key, value)) });
  const script = SCRIPTS[executor];
  const own = new Set([...(script ? [script.key] : []), ...(LINES[executor] ?? [])]);
  if (CONNECTED.has(executor)) own.add("connection");
  const rest = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => !own.has(key) || (key === script?.key && typeof value !== "string"),
    ),
  );
  const setRest = (value: Json | undefined) => {
    const kept = Object.fromEntries(Object.entries(given).filter(([key]) => own.has(key)));
    set({ with: orNothing({ ...kept, ...asMap(value) }) });
  };
  return (
    <>
      {CONNECTED.has(executor) && known.connections.length > 0 && (
        <ChoiceField
          label={t("field.connection")}
          value={asText(given.connection)}
          options={known.connections.map((value) => ({ value }))}
          onChange={(value) => put("connection", value)}
        />
      )}
      {LINES[executor]?.map((key) => (
        <TextField
          key={key}
          label={t(`input.${key}`)}
          value={asText(given[key])}
          onChange={(value) => put(key, value)}
        />
      ))}
      {script && (given[script.key] === undefined || typeof given[script.key] === "string") && (
        <CodeField
          key={executor}
          label={t(`input.${script.key}`)}
          language={script.language}
          value={asText(given[script.key])}
          onChange={(value) => put(script.key, value)}
        />
      )}
      <ValueField
        label={script ? t("field.otherInputs") : t("field.inputs")}
        help={t("help.inputs")}
        value={orNothing(rest)}
        onChange={setRest}
      />
    </>
  );
}

function Child({ node, known, set }: Part) {
  const { t } = useTranslation("editor");
  return (
    <>
      <ChoiceField
        label={t("field.workflow")}
        clearable={false}
        value={asText(node.workflow)}
        options={known.workflows.map((value) => ({ value }))}
        onChange={(workflow) => set({ workflow })}
      />
      <ValueField
        label={t("field.inputs")}
        help={t("help.childInputs")}
        value={node.with}
        onChange={(value) => set({ with: value })}
      />
    </>
  );
}

function Approvers({ node, known, set }: Part) {
  const { t } = useTranslation("editor");
  if (Array.isArray(node.approvers))
    return (
      <ValueField
        label={t("field.approvers")}
        value={node.approvers}
        onChange={(approvers) => set({ approvers })}
      />
    );
  const who = asMap(node.approvers);
  const put = (key: string, value: Json | undefined) =>
    set({ approvers: orNothing(withKey(who, key, value)) });
  return (
    <>
      <TextsField
        label={t("field.roles")}
        options={known.roles}
        value={asTexts(who.roles)}
        onChange={(value) => put("roles", value)}
      />
      <TextsField
        label={t("field.users")}
        options={known.users}
        value={asTexts(who.users)}
        onChange={(value) => put("users", value)}
      />
    </>
  );
}

function Approval(part: Part) {
  const { t } = useTranslation("editor");
  const { node, set } = part;
  const needed = asText(node.approvals) ?? "any";
  return (
    <>
      <Approvers {...part} />
      <div className="field">
        <span>{t("field.approvals")}</span>
        <div className="field-line">
          <Segmented
            value={needed === "any" || needed === "all" ? needed : "number"}
            options={["any", "all", "number"].map((value) => ({ value, label: t(`approvals.${value}`) }))}
            onChange={(value) =>
              set({ approvals: value === "any" ? undefined : value === "all" ? "all" : 2 })
            }
          />
          {typeof node.approvals === "number" && (
            <Input
              type="number"
              min={1}
              aria-label={t("approvals.number")}
              value={node.approvals}
              onChange={(event) => set({ approvals: Math.max(1, Number(event.target.value) || 1) })}
            />
          )}
        </div>
      </div>
      <FlagField
        label={t("field.allowSelf")}
        value={asFlag(node.allow_self)}
        onChange={(value) => set({ allow_self: value || undefined })}
      />
      <Expires {...part} />
    </>
  );
}

function Expires({ node, set }: Part) {
  const { t } = useTranslation("editor");
  return (
    <TextField
      label={t("field.expires")}
      help={t("help.duration")}
      value={asText(node.expires)}
      onChange={(expires) => set({ expires })}
    />
  );
}

function Decision(part: Part) {
  const { t } = useTranslation("editor");
  const { node, set } = part;
  const cases = (Array.isArray(node.cases) ? node.cases : []).map(asMap);
  const put = (index: number, keys: Raw) =>
    set({
      cases: cases.map((each, at) =>
        at === index
          ? Object.entries(keys).reduce((made, [key, value]) => withKey(made, key, value || undefined), each)
          : each,
      ),
    });
  return (
    <>
      <div className="field">
        <span>{t("field.cases")}</span>
        <small className="field-help">{t("help.cases")}</small>
        {cases.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a case has no name of its own while it is typed
          <div key={index} className="case">
            <Input
              aria-label={t("field.caseName")}
              placeholder={t("field.caseName")}
              value={asText(each.name)}
              onChange={(event) => put(index, { name: event.target.value })}
            />
            <Input
              aria-label={t("field.when")}
              placeholder={t("field.when")}
              className="mono"
              value={asText(each.when)}
              onChange={(event) => put(index, { when: event.target.value })}
            />
            <Button
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t("removeCase")}
              disabled={cases.length < 2}
              onClick={() => set({ cases: cases.filter((_, at) => at !== index) })}
            />
          </div>
        ))}
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => set({ cases: [...cases, { name: `case-${cases.length + 1}` }] })}
        >
          {t("addCase")}
        </Button>
      </div>
      <Approvers {...part} />
      <Expires {...part} />
    </>
  );
}

const WAYS = ["for", "at", "until"] as const;

function Timer({ node, set }: Part) {
  const { t } = useTranslation("editor");
  const way = WAYS.find((each) => node[each] !== undefined) ?? "for";
  const first = { for: "10m", at: "02:00", until: "params.when" };
  return (
    <>
      <Segmented
        aria-label={t("field.timer")}
        value={way}
        options={WAYS.map((value) => ({ value, label: t(`timer.${value}`) }))}
        onChange={(value) => set({ for: undefined, at: undefined, until: undefined, [value]: first[value] })}
      />
      <TextField
        label={t(`timer.${way}`)}
        help={t(`help.timer.${way}`)}
        value={asText(node[way])}
        onChange={(value) => set({ [way]: value })}
      />
      {way !== "for" && (
        <TextField
          label={t("field.timezone")}
          value={asText(node.timezone)}
          placeholder="Asia/Shanghai"
          onChange={(timezone) => set({ timezone })}
        />
      )}
      <FlagField
        label={t("field.skippable")}
        value={asFlag(node.skippable) ?? true}
        onChange={(value) => set({ skippable: value ? undefined : false })}
      />
    </>
  );
}

/** The edges into the node, and when it starts: the same as drawing lines, for keyboards. */
function Flow({ node, graph, set, connect, disconnect, readOnly }: Part) {
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
      <TextField
        label={t("field.when")}
        help={t("help.when")}
        value={asText(node.when)}
        onChange={(when) => set({ when })}
      />
    </>
  );
}

function Trouble({ node, set }: Part) {
  const { t } = useTranslation("editor");
  const retry = asMap(node.retry);
  const put = (key: string, value: Json | undefined) => set({ retry: orNothing(withKey(retry, key, value)) });
  return (
    <>
      <TextField
        label={t("field.timeout")}
        help={t("help.duration")}
        value={asText(node.timeout)}
        onChange={(timeout) => set({ timeout })}
      />
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
        value={asText(node.on_lost)}
        options={["retry", "fail"].map((value) => ({ value, label: t(`onLost.${value}`) }))}
        onChange={(value) => set({ on_lost: value })}
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
