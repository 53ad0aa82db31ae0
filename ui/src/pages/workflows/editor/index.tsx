import { Alert } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { useMay } from "@/api/session";
import type { NodeStatus } from "@/graph/NodeBox";
import type { StatusStore } from "@/graph/statusStore";
import { withChanges } from "@/parts/address";
import { ErrorNote } from "@/parts/Fault";
import { RunDialog } from "@/parts/RunDialog";
import { useUnsaved } from "@/parts/unsaved";
import { Body } from "./Body";
import { Conflict } from "./Conflict";
import type { CanvasHandle } from "./EditorCanvas";
import { EditorRun } from "./EditorRun";
import "./editor.css";
import { Pending } from "@/parts/Pending";
import { SettingsForm } from "./SettingsForm";
import { Toolbar } from "./Toolbar";
import { useActs, useKeys } from "./useActs";
import { useCheck } from "./useCheck";
import { useDraft } from "./useDraft";
import { useSaving } from "./useSaving";
import { type Stored, useStored } from "./useStored";

/** The canvas on which a workflow is drawn, its YAML beside it. */
export default function EditorPage() {
  const { name = "" } = useParams();
  return <Loader key={name} name={name} />;
}

function Loader({ name }: { name: string }) {
  const source = useStored(name);
  if (source.failure) return <ErrorNote error={source.failure} retry={() => window.location.reload()} />;
  if (!source.stored) return <Pending />;
  return <Editor name={name} source={source} stored={source.stored} />;
}

interface EditorProps {
  name: string;
  source: ReturnType<typeof useStored>;
  stored: Stored;
}

const NOTHING: ReadonlySet<string> = new Set();

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
  const set = (key: "yaml" | "run", value: string) =>
    setParams((before) => withChanges(before, { [key]: value }));
  useUnsaved(dirty);
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
    yaml: () => set("yaml", yaml ? "" : "1"),
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
      {run && <EditorRun id={run} onStatuses={setStatuses} onClose={() => set("run", "")} />}
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
