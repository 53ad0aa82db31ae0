import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type { Point } from "@/graph/model";
import {
  addNodes,
  connect,
  copies,
  disconnect,
  type EdgeName,
  forgetPositions,
  freeId,
  moveNodes,
  type Raw,
  removeNodes,
  setCase,
} from "./document";
import type { CanvasHandle } from "./EditorCanvas";
import type { Draft } from "./useDraft";

const KEPT = "headrace.clipboard";
const SHIFT: Point = { x: 40, y: 40 };

interface Given {
  draft: Draft;
  selection: ReadonlySet<string>;
  setSelection: (ids: ReadonlySet<string>) => void;
  canvas: RefObject<CanvasHandle | null>;
  readOnly: boolean;
}

export interface Acts {
  edge: EdgeName | null;
  setEdge: (edge: EdgeName | null) => void;
  setEdgeCase: (branch: string | undefined) => void;
  add: (node: Raw, at?: Point) => void;
  move: (positions: ReadonlyMap<string, Point>) => void;
  connect: (edge: EdgeName) => void;
  disconnect: (edges: EdgeName[]) => void;
  remove: () => void;
  copy: () => void;
  paste: () => void;
  selectAll: () => void;
  arrange: () => void;
  undo: () => void;
  redo: () => void;
}

/** What people do on the canvas, as changes of the document. */
export function useActs(given: Given): Acts {
  const now = useRef(given);
  now.current = given;
  const [edge, setEdge] = useState<EdgeName | null>(null);
  const chosen = useRef(edge);
  chosen.current = edge;
  return useMemo(() => ({ ...actsOn(now, chosen, setEdge), edge }), [edge]);
}

type Ref<T> = { current: T };

function actsOn(
  now: Ref<Given>,
  chosen: Ref<EdgeName | null>,
  setEdge: (edge: EdgeName | null) => void,
): Omit<Acts, "edge"> {
  const change: Draft["change"] = (act, tag) => {
    if (!now.current.readOnly) now.current.draft.change(act, tag);
  };
  const put = (nodes: Raw[]) => {
    change((text) => addNodes(text, nodes));
    now.current.setSelection(new Set(nodes.map((node) => String(node.id))));
  };
  return {
    setEdge,
    setEdgeCase: (branch) => {
      const edge = chosen.current;
      if (!edge) return;
      change((text) => setCase(text, edge, branch));
      setEdge({ ...edge, case: branch });
    },
    add: (node, dropped) => {
      if (now.current.readOnly) return;
      const canvas = now.current.canvas.current;
      const at = dropped ?? canvas?.middle() ?? { x: 0, y: 0 };
      if (!dropped) canvas?.reveal(at);
      const id = freeId(String(node.id), now.current.draft.ids);
      put([{ ...node, id, position: { x: Math.round(at.x), y: Math.round(at.y) } }]);
    },
    move: (positions) => change((text) => moveNodes(text, positions)),
    connect: (edge) => change((text) => connect(text, firstCase(edge, now.current.draft))),
    disconnect: (edges) => change((text) => disconnect(text, edges)),
    remove: () => {
      const { selection, setSelection } = now.current;
      const edge = chosen.current;
      if (selection.size) change((text) => removeNodes(text, selection));
      else if (edge) change((text) => disconnect(text, [edge]));
      setSelection(new Set());
      setEdge(null);
    },
    copy: () => {
      const { draft, selection } = now.current;
      const nodes = [...selection].flatMap((id) => draft.nodes.get(id) ?? []);
      if (nodes.length) sessionStorage.setItem(KEPT, JSON.stringify(nodes));
    },
    paste: () => {
      const kept = sessionStorage.getItem(KEPT);
      if (!kept || now.current.readOnly) return;
      const made = copies(JSON.parse(kept) as Raw[], now.current.draft.ids, SHIFT);
      put(made);
      sessionStorage.setItem(KEPT, JSON.stringify(made)); // the next ones stand beside these, not on them
    },
    selectAll: () => now.current.setSelection(new Set(now.current.draft.ids)),
    arrange: () => {
      change((text) => forgetPositions(text));
      requestAnimationFrame(() => now.current.canvas.current?.showAll());
    },
    undo: () => now.current.draft.undo(),
    redo: () => now.current.draft.redo(),
  };
}

/** An edge from a decision begins along a branch that has no edge yet. */
function firstCase(edge: EdgeName, draft: Draft): EdgeName {
  const source = draft.nodes.get(edge.source);
  if (edge.case !== undefined || source?.kind !== "decision" || !Array.isArray(source.cases)) return edge;
  const names = (source.cases as { name?: string }[]).flatMap((each) => each?.name ?? []);
  const used = new Set(
    draft.graph.edges.filter((each) => each.source === edge.source).map((each) => each.case),
  );
  const free = names.find((name) => !used.has(name)) ?? names[0];
  return free === undefined ? edge : { ...edge, case: free };
}

const WRITING = "input, textarea, select, [contenteditable=true], .cm-editor, .ant-modal, .ant-drawer";

/** The keys of the canvas; where somebody is writing they mean what they always mean. */
export function useKeys(acts: Acts & { save: () => void }): void {
  const now = useRef(acts);
  now.current = acts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = actOf(event, now.current);
      const writes = event.target instanceof Element && event.target.closest(WRITING) !== null;
      if (!act || (writes && act !== now.current.save)) return;
      event.preventDefault();
      if (act !== now.current.save) return act();
      takeTyped();
      setTimeout(() => now.current.save()); // with what has been taken
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** A field takes what is typed when it is left: this leaves it and comes back. */
function takeTyped(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
  field.blur();
  field.focus();
}

function actOf(event: KeyboardEvent, acts: Acts & { save: () => void }): (() => void) | null {
  if (event.key === "Delete" || event.key === "Backspace") return acts.remove;
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  switch (event.key.toLowerCase()) {
    case "z":
      return event.shiftKey ? acts.redo : acts.undo;
    case "y":
      return acts.redo;
    case "c":
      return window.getSelection()?.toString() ? null : acts.copy;
    case "v":
      return acts.paste;
    case "a":
      return acts.selectAll;
    case "s":
      return acts.save;
    default:
      return null;
  }
}
