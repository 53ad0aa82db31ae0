/**
 * The definition as text, and every change that the canvas makes to it. The text is what is kept: changes
 * are made to its syntax tree, so that comments, order and style of what is not touched stay as they are.
 */
import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import type { Json } from "@/api/shapes";
import { isMapping, type Point } from "@/graph/model";

export type Raw = { [key: string]: Json };
type Doc = Document;

export interface Parsed {
  value: unknown;
  /** What keeps the text from being read, with its line. */
  fault: { message: string; line: number } | null;
}

const WRITING = {
  indentSeq: false,
  lineWidth: 110,
  flowCollectionPadding: false,
  blockQuote: "literal",
} as const;

let kept: { text: string; doc: Doc } | null = null;

/** The syntax tree of a text; the last one is kept, because changes come one after the other. */
function treeOf(text: string): Doc {
  if (kept?.text === text) return kept.doc;
  const doc = parseDocument(text, { keepSourceTokens: false, uniqueKeys: true });
  kept = { text, doc };
  return doc;
}

export function parsed(text: string): Parsed {
  const doc = treeOf(text);
  const error = doc.errors[0];
  if (error) {
    const line = error.linePos?.[0].line ?? 1;
    return { value: null, fault: { message: error.message.split("\n")[0] ?? error.message, line } };
  }
  try {
    return { value: doc.toJS({ maxAliasCount: 1000 }), fault: null };
  } catch (problem) {
    return { value: null, fault: { message: problem instanceof Error ? problem.message : "?", line: 1 } };
  }
}

/** The text after a change of its tree. */
export function edited(text: string, change: (doc: Doc) => void): string {
  const doc = treeOf(text);
  kept = null; // a change that fails half-way leaves a tree that fits no text
  change(doc);
  const next = doc.toString(WRITING);
  kept = { text: next, doc };
  return next;
}

/** A definition with nothing in it yet. */
export function blank(name: string): string {
  const doc = parseDocument("apiVersion: headrace/v1\nkind: Workflow\n");
  doc.setIn(["metadata"], doc.createNode({ name }));
  doc.setIn(["spec"], doc.createNode({ nodes: [] }));
  return doc.toString(WRITING);
}

// -- nodes

function nodesOf(doc: Doc): YAMLSeq {
  const found = doc.getIn(["spec", "nodes"]);
  if (isSeq(found)) {
    if (found.items.length === 0) found.flow = false;
    return found;
  }
  const made = doc.createNode([]) as YAMLSeq;
  doc.setIn(["spec", "nodes"], made);
  return made;
}

function mapsOf(doc: Doc): YAMLMap[] {
  return nodesOf(doc).items.filter((item): item is YAMLMap => isMap(item));
}

function nodeOf(doc: Doc, id: string): YAMLMap | undefined {
  return mapsOf(doc).find((map) => map.get("id") === id);
}

const KEY_ORDER = [
  ...["id", "name", "description", "kind", "after", "join", "when", "executor", "workflow", "foreach"],
  ...["max_parallel", "mode", "with", "rollback", "timeout", "retry", "on_lost", "cases", "approvers"],
  ...["approvals", "allow_self", "expires", "for", "at", "until", "timezone", "skippable", "schedule"],
  ...["alarms", "risk", "position"],
];

/** Set a key, a new one where the guide's order has it; undefined takes it away. */
function put(doc: Doc, map: YAMLMap, key: string, value: Json | undefined): void {
  if (value === undefined) {
    map.delete(key);
    return;
  }
  const made = doc.createNode(value, { flow: key === "position" || (key === "after" && isShort(value)) });
  if (map.has(key)) {
    const old = map.get(key, true);
    if (isScalar(old) && isScalar(made)) {
      old.value = made.value;
      old.source = undefined;
      old.type = undefined;
    } else map.set(key, made);
    return;
  }
  const rank = KEY_ORDER.indexOf(key);
  const at = map.items.findIndex((pair) => KEY_ORDER.indexOf(String(pair.key)) > rank);
  map.items.splice(rank < 0 || at < 0 ? map.items.length : at, 0, doc.createPair(key, made));
}

function isShort(value: Json): boolean {
  return JSON.stringify(value).length < 80;
}

/** Keys of one node; undefined takes a key away. */
export function setNode(text: string, id: string, keys: Record<string, Json | undefined>): string {
  return edited(text, (doc) => {
    const map = nodeOf(doc, id);
    if (map) for (const [key, value] of Object.entries(keys)) put(doc, map, key, value);
  });
}

export function addNodes(text: string, nodes: readonly Raw[]): string {
  return edited(text, (doc) => {
    const seq = nodesOf(doc);
    for (const node of nodes) {
      const map = doc.createNode({}) as YAMLMap;
      for (const [key, value] of Object.entries(node)) put(doc, map, key, value);
      seq.add(map);
    }
  });
}

/** Nodes and every edge that leads to or from them. */
export function removeNodes(text: string, ids: ReadonlySet<string>): string {
  return edited(text, (doc) => {
    const seq = nodesOf(doc);
    seq.items = seq.items.filter((item) => !(isMap(item) && ids.has(String(item.get("id")))));
    if (seq.items.length === 0) seq.flow = true;
    for (const map of mapsOf(doc)) keepEdges(doc, map, (source) => !ids.has(source));
  });
}

/** A new id for a node, also where edges name it. Expressions are the author's own. */
export function renameNode(text: string, id: string, to: string): string {
  return edited(text, (doc) => {
    const node = nodeOf(doc, id);
    if (!node || nodeOf(doc, to)) return;
    put(doc, node, "id", to);
    for (const map of mapsOf(doc)) {
      const after = afterOf(map);
      if (after.some((edge) => sourceOf(edge) === id))
        put(
          doc,
          map,
          "after",
          after.map((edge) => (sourceOf(edge) === id ? edgeTo(to, caseOf(edge)) : edge)),
        );
    }
  });
}

/** Another name for a branch of a decision, also where edges go along it. */
export function renameCase(text: string, id: string, from: string, to: string): string {
  return edited(text, (doc) => {
    const cases = casesOf(doc, id);
    cases.find((map) => map.get("name") === from)?.set("name", to);
    for (const map of mapsOf(doc)) {
      const after = afterOf(map);
      const along = (edge: EdgeValue) => sourceOf(edge) === id && caseOf(edge) === from;
      if (after.some(along))
        put(doc, map, "after", after.map((edge) => (along(edge) ? edgeTo(id, to) : edge)) as Json);
    }
  });
}

/** Without the branch at this place, and without the edges along it. */
export function removeCase(text: string, id: string, index: number): string {
  return edited(text, (doc) => {
    const gone = casesOf(doc, id)[index];
    if (!gone) return;
    nodeOf(doc, id)?.deleteIn(["cases", index]);
    const name = gone.get("name");
    if (casesOf(doc, id).some((map) => map.get("name") === name)) return; // another one has the same name
    for (const map of mapsOf(doc)) keepEdges(doc, map, (source, along) => source !== id || along !== name);
  });
}

function casesOf(doc: Doc, id: string): YAMLMap[] {
  const found = nodeOf(doc, id)?.get("cases");
  return isSeq(found) ? found.items.filter((item): item is YAMLMap => isMap(item)) : [];
}

export function moveNodes(text: string, positions: ReadonlyMap<string, Point>): string {
  return edited(text, (doc) => {
    for (const map of mapsOf(doc)) {
      const at = positions.get(String(map.get("id")));
      if (at) put(doc, map, "position", { x: Math.round(at.x), y: Math.round(at.y) });
    }
  });
}

/** Nobody has placed anything: the layout draws all of it. */
export function forgetPositions(text: string): string {
  return edited(text, (doc) => {
    for (const map of mapsOf(doc)) map.delete("position");
  });
}

// -- edges

type EdgeValue = string | { node: string; case?: string };

function afterOf(map: YAMLMap): EdgeValue[] {
  const found = map.get("after");
  const value: unknown = isSeq(found) ? found.toJSON() : [];
  return Array.isArray(value) ? (value as EdgeValue[]) : [];
}

const sourceOf = (edge: EdgeValue) => (typeof edge === "string" ? edge : edge.node);
const caseOf = (edge: EdgeValue) => (typeof edge === "string" ? undefined : edge.case);
const edgeTo = (source: string, branch?: string): EdgeValue =>
  branch ? { node: source, case: branch } : source;

function keepEdges(doc: Doc, map: YAMLMap, keep: (source: string, branch?: string) => boolean): void {
  const after = afterOf(map);
  const left = after.filter((edge) => keep(sourceOf(edge), caseOf(edge)));
  if (left.length !== after.length) put(doc, map, "after", left.length ? (left as Json) : undefined);
}

export interface EdgeName {
  source: string;
  target: string;
  case?: string;
}

export function connect(text: string, { source, target, case: branch }: EdgeName): string {
  return edited(text, (doc) => {
    const map = nodeOf(doc, target);
    if (!map || !nodeOf(doc, source)) return;
    const after = afterOf(map);
    if (after.some((edge) => sourceOf(edge) === source && caseOf(edge) === branch)) return;
    put(doc, map, "after", [...after, edgeTo(source, branch)] as Json);
  });
}

export function disconnect(text: string, edges: readonly EdgeName[]): string {
  return edited(text, (doc) => {
    for (const { source, target, case: branch } of edges) {
      const map = nodeOf(doc, target);
      if (map) keepEdges(doc, map, (from, along) => from !== source || along !== branch);
    }
  });
}

/** The branch along which an edge is taken. */
export function setCase(text: string, edge: EdgeName, branch: string | undefined): string {
  return edited(text, (doc) => {
    const map = nodeOf(doc, edge.target);
    if (!map) return;
    const after = afterOf(map).map((each) =>
      sourceOf(each) === edge.source && caseOf(each) === edge.case ? edgeTo(edge.source, branch) : each,
    );
    put(doc, map, "after", after as Json);
  });
}

// -- the rest

/** `spec.<key>` or `metadata.<key>`; undefined takes it away. */
export function setKey(
  text: string,
  part: "spec" | "metadata",
  key: string,
  value: Json | undefined,
): string {
  return edited(text, (doc) => {
    if (value === undefined) doc.deleteIn([part, key]);
    else doc.setIn([part, key], doc.createNode(value));
    if (part === "spec" && key !== "nodes") nodesLast(doc);
  });
}

/** Settings stand before the nodes, but for schedule, alarms and invocation. */
function nodesLast(doc: Doc): void {
  const spec = doc.getIn(["spec"]);
  if (!isMap(spec)) return;
  const order = [
    "target",
    "params",
    "required",
    "on_failure",
    "concurrency",
    "timeout",
    "nodes",
    "schedule",
    "alarms",
    "invocation",
  ];
  const rank = (key: unknown) => (order.indexOf(String(key)) + order.length + 1) % (order.length + 1);
  spec.items.sort((a, b) => rank(a.key) - rank(b.key));
}

/** Copies of nodes under ids that are free, with the edges among them, moved a little. */
export function copies(nodes: readonly Raw[], taken: ReadonlySet<string>, shift: Point): Raw[] {
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const node of nodes) {
    const id = freeId(String(node.id), used);
    used.add(id);
    names.set(String(node.id), id);
  }
  return nodes.map((node) => copyOf(node, names, shift));
}

function copyOf(node: Raw, names: ReadonlyMap<string, string>, shift: Point): Raw {
  const made: Raw = { ...node, id: names.get(String(node.id)) ?? null };
  const after = (Array.isArray(node.after) ? (node.after as EdgeValue[]) : []).flatMap((edge) => {
    const source = names.get(sourceOf(edge));
    return source ? [edgeTo(source, caseOf(edge))] : [];
  });
  if (after.length) made.after = after as Json;
  else delete made.after;
  if (isMapping(made.position) && typeof made.position.x === "number" && typeof made.position.y === "number")
    made.position = { x: made.position.x + shift.x, y: made.position.y + shift.y };
  return made;
}

/** `deploy`, `deploy-2`, `deploy-3`: the first that nobody has. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/-\d+$/, "");
  for (let number = 2; ; number++) {
    const id = `${stem}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** The node that a problem's path speaks of: `spec.nodes[3].after[0]` is the fourth. */
export function nodeIndexOf(path: string): number | null {
  const found = /^spec\.nodes\[(\d+)\]/.exec(path);
  return found ? Number(found[1]) : null;
}
