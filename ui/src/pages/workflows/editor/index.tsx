import { ReactFlowProvider } from "@xyflow/react";
import { Alert, App, Skeleton, Tabs } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker, useParams, useSearchParams } from "react-router";
import { ApiError } from "@/api/client";
import { useMay } from "@/api/session";
import { useArranged } from "@/graph/GraphView";
import type { Point } from "@/graph/model";
import { type NodeStatus, Statuses } from "@/graph/NodeBox";
import { NodeList } from "@/graph/NodeList";
import type { StatusStore } from "@/graph/statusStore";
import { ErrorNote } from "@/parts/Fault";
import { RunDialog } from "@/parts/RunDialog";
import { Code } from "./Code";
import { Conflict } from "./Conflict";
import { EdgeForm } from "./EdgeForm";
import { type CanvasHandle, EditorCanvas } from "./EditorCanvas";
import { EditorRun } from "./EditorRun";
import "./editor.css";
import { useKnown } from "./known";
import { NodeForm } from "./NodeForm";
import { Palette, patterns } from "./Palette";
import { ProblemList } from "./ProblemList";
import { SettingsForm } from "./SettingsForm";
import { Toolbar } from "./Toolbar";
import { useActs, useKeys } from "./useActs";
import { useCheck } from "./useCheck";
import { type Draft, useDraft } from "./useDraft";
import { type Stored, useStored } from "./useStored";

/** The canvas on which a workflow is drawn, its YAML beside it. */
export default function EditorPage() {
  const { name = "" } = useParams();
  return <Loader key={name} name={name} />;
}

function Loader({ name }: { name: string }) {
  const source = useStored(name);
  if (source.failure) return <ErrorNote error={source.failure} retry={() => window.location.reload()} />;
  if (!source.stored) return <Skeleton active />;
  return <Editor name={name} source={source} stored={source.stored} />;
}

interface EditorProps {
  name: string;
  source: ReturnType<typeof useStored>;
  stored: Stored;
}

const NOTHING: ReadonlySet<string> = new Set();
const NOWHERE: ReadonlyMap<string, Point> = new Map();

function Editor({ name, source, stored }: EditorProps) {
  const { t } = useTranslation("editor");
  const [params, setParams] = useSearchParams();
  const mayEdit = useMay("WORKFLOW_EDITOR");
  const mayRun = useMay("TASK_MANAGER");
  const draft = useDraft(stored.text);
  const dirty = draft.text !== stored.text;
  const checked = useCheck(draft.text, draft.value, name);
  const [selection, setSelection] = useState<ReadonlySet<string>>(NOTHING);
  const [dialog, setDialog] = useState<"settings" | "conflict" | "start" | null>(null);
  const [statuses, setStatuses] = useState<StatusStore<NodeStatus> | null>(null);
  const canvas = useRef<CanvasHandle>(null);
  const acts = useActs({
    draft,
    selection,
    setSelection,
    canvas,
    readOnly: !mayEdit || draft.fault !== null,
  });
  const published = source.head?.published ?? null;
  const yaml = params.get("yaml") === "1";
  const run = params.get("run");
  const set = (key: string, value: string | null) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (value === null) next.delete(key);
      else next.set(key, value);
      return next;
    });
  useGuard(dirty);
  useEffect(() => {
    document.title = `${name} – Headrace`;
  }, [name]);

  const { save, publish, offline } = useSaving({
    name,
    source,
    stored,
    text: draft.text,
    dirty,
    onConflict: () => setDialog("conflict"),
  });
  useKeys({ ...acts, save: () => void (dirty && mayEdit && save()) });
  const busy = source.save.isPending || source.act.isPending;
  const on = {
    ...acts,
    save: () => void save(),
    publish: () => void publish(),
    offline,
    run: () => setDialog("start"),
    settings: () => setDialog("settings"),
    yaml: () => set("yaml", yaml ? null : "1"),
  };
  return (
    <div className="editor">
      <h1 className="unseen">{t("heading", { name })}</h1>
      <Toolbar
        {...{ name, dirty, busy, mayEdit, mayRun, yaml, on }}
        head={source.head}
        canUndo={draft.canUndo}
        canRedo={draft.canRedo}
        selected={selection.size + (acts.edge ? 1 : 0)}
      />
      {run && <EditorRun id={run} onStatuses={setStatuses} onClose={() => set("run", null)} />}
      {draft.fault && <Alert banner type="error" title={t("fault", draft.fault)} />}
      <Body
        {...{ draft, checked, selection, setSelection, acts, canvas, yaml, statuses }}
        readOnly={!mayEdit}
      />
      {dialog === "settings" && (
        <SettingsForm
          value={draft.value}
          readOnly={!mayEdit || draft.fault !== null}
          change={draft.change}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "start" && published !== null && (
        <RunDialog
          name={name}
          version={published}
          note={dirty && <Alert type="info" showIcon title={t("dirtyRun", { version: published })} />}
          onClose={() => setDialog(null)}
          onStarted={(id) => {
            setDialog(null);
            set("run", String(id));
          }}
        />
      )}
      {dialog === "conflict" && (
        <Conflict
          name={name}
          mine={draft.text}
          onClose={() => setDialog(null)}
          onOverwrite={(etag) => void save(etag).then((done) => done && setDialog(null))}
          onAdopt={(theirs) => {
            source.adopt(theirs);
            draft.restart(theirs.text);
            setDialog(null);
          }}
        />
      )}
    </div>
  );
}

interface Saving extends EditorProps {
  text: string;
  dirty: boolean;
  onConflict: () => void;
}

/** Saving, publishing and taking offline; what the server refuses is shown, an edit by others leads to the choice. */
function useSaving({ name, source, stored, text, dirty, onConflict }: Saving) {
  const { t } = useTranslation("editor");
  const { modal, message } = App.useApp();
  const refused = (error: unknown) => {
    if (error instanceof ApiError && error.status === 412) onConflict();
    else modal.error({ title: t("refused"), content: <ErrorNote error={error} />, icon: null, width: 560 });
  };
  const save = async (etag = stored.etag): Promise<boolean> => {
    try {
      await source.save.mutateAsync({ text: text, etag });
      void message.success(t("saved"));
      return true;
    } catch (error) {
      refused(error);
      return false;
    }
  };
  const publish = async () => {
    if ((dirty || source.head === null) && !(await save())) return;
    await source.act.mutateAsync("publish").then(() => void message.success(t("published")), refused);
  };
  const offline = () =>
    modal.confirm({
      title: t("askOffline", { name }),
      content: t("aboutOffline"),
      onOk: () => source.act.mutateAsync("offline").catch(refused),
    });
  return { save, publish, offline };
}

interface BodyProps {
  draft: Draft;
  checked: ReturnType<typeof useCheck>;
  selection: ReadonlySet<string>;
  setSelection: (ids: ReadonlySet<string>) => void;
  acts: ReturnType<typeof useActs>;
  canvas: React.RefObject<CanvasHandle | null>;
  statuses: StatusStore<NodeStatus> | null;
  yaml: boolean;
  readOnly: boolean;
}

function Body({
  draft,
  checked,
  selection,
  setSelection,
  acts,
  canvas,
  statuses,
  yaml,
  readOnly,
}: BodyProps) {
  const { t } = useTranslation("editor");
  const known = useKnown();
  const found = useArranged(draft.graph);
  const last = useRef(NOWHERE);
  if (found) last.current = found;
  const positions = found ?? last.current;
  const items = useMemo(() => patterns(known.executors), [known.executors]);
  const select = (id: string) => {
    setSelection(new Set([id]));
    canvas.current?.show(id);
  };
  const shut = readOnly || draft.fault !== null;
  return (
    <div className={yaml ? "editor-body editor-body-yaml" : "editor-body"}>
      <Palette items={items} disabled={shut} onAdd={(node) => acts.add(node)} />
      <div className="editor-canvas">
        {positions !== NOWHERE && (
          <ReactFlowProvider>
            <Statuses.Provider value={statuses}>
              <EditorCanvas
                {...{ positions, selection, statuses }}
                graph={draft.graph}
                edge={acts.edge}
                problems={checked.byNode}
                readOnly={shut}
                handle={canvas}
                onSelect={setSelection}
                onEdge={acts.setEdge}
                onMove={acts.move}
                onConnect={acts.connect}
                onAdd={acts.add}
              />
            </Statuses.Provider>
          </ReactFlowProvider>
        )}
        {draft.graph.nodes.length === 0 && <p className="editor-empty">{t("empty")}</p>}
      </div>
      {yaml && (
        <section className="editor-yaml" aria-label="YAML">
          <Code
            language="yaml"
            label="YAML"
            height="100%"
            value={draft.text}
            onChange={readOnly ? undefined : (text) => draft.change(() => text, "typing")}
          />
        </section>
      )}
      <Side {...{ draft, checked, selection, acts, known, select, setSelection }} readOnly={shut} />
    </div>
  );
}

type SideProps = Pick<BodyProps, "draft" | "checked" | "selection" | "acts" | "setSelection" | "readOnly"> & {
  known: ReturnType<typeof useKnown>;
  select: (id: string) => void;
};

/** What is selected; where nothing is, all nodes and all problems. */
function Side({ draft, checked, selection, acts, known, select, setSelection, readOnly }: SideProps) {
  const { t } = useTranslation("editor");
  const only = selection.size === 1 ? [...selection][0] : undefined;
  const node = only === undefined ? undefined : draft.nodes.get(only);
  const discrete = useMemo(() => isDiscrete(draft.value), [draft.value]);
  const mark = useCallback(
    (id: string) =>
      checked.byNode.has(id) ? <span className="problem-mark">{t("problemMark")}</span> : null,
    [checked, t],
  );
  const count = checked.problems?.length ?? 0;
  if (acts.edge && !node)
    return (
      <aside className="editor-side" aria-label={t("edge")}>
        <EdgeForm
          edge={acts.edge}
          nodes={draft.nodes}
          readOnly={readOnly}
          onCase={acts.setEdgeCase}
          onRemove={acts.remove}
        />
      </aside>
    );
  if (node)
    return (
      <aside className="editor-side" aria-label={t("properties")}>
        <NodeForm
          key={only}
          {...{ node, known, discrete, readOnly }}
          graph={draft.graph}
          ids={draft.ids}
          problems={checked.byNode.get(String(node.id)) ?? []}
          change={draft.change}
          connect={acts.connect}
          disconnect={(edge) => acts.disconnect([edge])}
          onRename={(id) => setSelection(new Set([id]))}
        />
      </aside>
    );
  return (
    <aside className="editor-side" aria-label={t("overview")}>
      {selection.size > 1 && <p>{t("several", { count: selection.size })}</p>}
      <Tabs
        size="small"
        className="editor-tabs"
        items={[
          {
            key: "nodes",
            label: t("nodes"),
            children: (
              <NodeList nodes={draft.graph.nodes} selected={selection} onSelect={select} mark={mark} />
            ),
          },
          {
            key: "problems",
            label: t("problems", { count }),
            children: <ProblemList problems={checked.problems} value={draft.value} onSelect={select} />,
          },
        ]}
      />
    </aside>
  );
}

function isDiscrete(value: unknown): boolean {
  const spec = (value as { spec?: { schedule?: { mode?: unknown } } } | null)?.spec;
  return spec?.schedule?.mode === "discrete";
}

/** Nobody leaves with unsaved changes without being asked. */
function useGuard(dirty: boolean): void {
  const { t } = useTranslation("editor");
  const { modal } = App.useApp();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = modal.confirm({
      title: t("leave.title"),
      content: t("leave.about"),
      okText: t("leave.go"),
      cancelText: t("leave.stay"),
      okButtonProps: { danger: true },
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
    return () => asked.destroy();
  }, [blocker, modal, t]);
}
