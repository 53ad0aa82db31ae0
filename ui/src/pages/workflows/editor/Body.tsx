import { ReactFlowProvider } from "@xyflow/react";
import { Tabs } from "antd";
import { useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useArranged } from "@/graph/GraphView";
import type { Point } from "@/graph/model";
import { type NodeStatus, Statuses } from "@/graph/NodeBox";
import { NodeList } from "@/graph/NodeList";
import type { StatusStore } from "@/graph/statusStore";
import { Code } from "./Code";
import { EdgeForm } from "./EdgeForm";
import { type CanvasHandle, EditorCanvas } from "./EditorCanvas";
import { useKnown } from "./known";
import { NodeForm } from "./NodeForm";
import { Palette, patterns } from "./Palette";
import { ProblemList } from "./ProblemList";
import type { useActs } from "./useActs";
import type { useCheck } from "./useCheck";
import type { Draft } from "./useDraft";

const NOWHERE: ReadonlyMap<string, Point> = new Map();

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

/** The palette, the canvas, the text and what is selected, side by side. */
export function Body({
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
    <div className={`editor-body${yaml ? " editor-body-yaml" : ""}${readOnly ? " editor-body-seen" : ""}`}>
      {!readOnly && <Palette items={items} disabled={shut} onAdd={(node) => acts.add(node)} />}
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
        {draft.graph.nodes.length === 0 && (
          <p className="editor-empty">{t(readOnly ? "emptySeen" : "empty")}</p>
        )}
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
        className="full-tabs editor-tabs"
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
