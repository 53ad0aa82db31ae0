import { useCallback, useMemo, useRef, useState } from "react";
import { begun, changed, type History, redone, undone } from "@/graph/history";
import { type Graph, graphOf, rawNodes } from "@/graph/model";
import { type Parsed, parsed, type Raw } from "./document";

export interface Draft {
  text: string;
  /** What is wrong with the text itself; the graph then is the last that could be read. */
  fault: Parsed["fault"];
  value: unknown;
  graph: Graph;
  nodes: ReadonlyMap<string, Raw>;
  ids: ReadonlySet<string>;
  canUndo: boolean;
  canRedo: boolean;
  /** Take a change in; changes of one tag in quick succession are undone together. */
  change: (change: (text: string) => string, tag?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Begin anew with another text, without a past. */
  restart: (text: string) => void;
}

interface Read {
  value: unknown;
  graph: Graph;
  nodes: ReadonlyMap<string, Raw>;
  ids: ReadonlySet<string>;
}

/** A definition in the making: its text, its past, and what it draws. */
export function useDraft(initial: string): Draft {
  const [history, setHistory] = useState<History<string>>(() => begun(initial));
  const text = history.present;
  const last = useRef<Read>(readOf({ metadata: {}, spec: { nodes: [] } }));
  const { fault, read } = useMemo(() => {
    const found = parsed(text);
    if (!found.fault) last.current = readOf(found.value, last.current);
    return { fault: found.fault, read: last.current };
  }, [text]);
  const change = useCallback(
    (act: (text: string) => string, tag?: string) => setHistory((now) => changed(now, act(now.present), tag)),
    [],
  );
  return {
    text,
    fault,
    ...read,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change,
    undo: useCallback(() => setHistory(undone), []),
    redo: useCallback(() => setHistory(redone), []),
    restart: useCallback((next: string) => setHistory(begun(next)), []),
  };
}

/** The same graph object where nothing of the structure changed: it is not laid out again then. */
function readOf(value: unknown, before?: Read): Read {
  const raws = rawNodes(value) as Raw[];
  const graph = graphOf(value);
  const same = before !== undefined && JSON.stringify(before.graph) === JSON.stringify(graph);
  return {
    value,
    graph: same ? before.graph : graph,
    nodes: new Map(raws.map((raw) => [String(raw.id), raw])),
    ids: new Set(raws.map((raw) => String(raw.id))),
  };
}
