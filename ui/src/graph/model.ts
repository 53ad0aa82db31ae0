/** The structure of a graph: what does not change while a run goes on. Statuses live elsewhere. */

export const KINDS = ["task", "approval", "decision", "timer", "workflow"] as const;
export type Kind = (typeof KINDS)[number];

export interface Point {
  x: number;
  y: number;
}

export interface GraphNode {
  id: string;
  name: string;
  kind: Kind;
  /** The executor of a task, the called workflow of a sub-workflow, else null. */
  detail: string | null;
  fansOut: boolean;
  position?: Point;
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  /** The branch of a decision along which the edge is taken. */
  case?: string;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Size of a drawn node, in pixels. */
export const NODE_WIDTH = 200;
export const NODE_HEIGHT = 56;

type Raw = Record<string, unknown>;

/** The graph of a definition document; whatever has no id or is no mapping is left out. */
export function graphOf(document: unknown): Graph {
  const raws = rawNodes(document);
  const nodes = raws.map(nodeOf);
  const known = new Set(nodes.map((node) => node.id));
  const edges = raws.flatMap((raw) => edgesInto(raw, known));
  return { nodes, edges: [...new Map(edges.map((edge) => [edge.id, edge])).values()] };
}

/** `spec.nodes` as far as it can be read. */
export function rawNodes(document: unknown): Raw[] {
  const spec = isMapping(document) ? document.spec : undefined;
  const nodes = isMapping(spec) ? spec.nodes : undefined;
  if (!Array.isArray(nodes)) return [];
  const seen = new Set<string>();
  return nodes.filter((raw): raw is Raw => {
    if (!isMapping(raw) || typeof raw.id !== "string" || !raw.id || seen.has(raw.id)) return false;
    seen.add(raw.id);
    return true;
  });
}

export function isMapping(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function edgeId(source: string, target: string, branch?: string): string {
  return `${source}→${target}${branch ? `:${branch}` : ""}`;
}

function nodeOf(raw: Raw): GraphNode {
  const kind = KINDS.find((each) => each === raw.kind) ?? "task";
  const detail = kind === "workflow" ? raw.workflow : kind === "task" ? raw.executor : null;
  return {
    id: String(raw.id),
    name: typeof raw.name === "string" && raw.name ? raw.name : String(raw.id),
    kind,
    detail: typeof detail === "string" ? detail : null,
    fansOut: raw.foreach !== undefined && raw.foreach !== null,
    position: positionOf(raw.position),
  };
}

function positionOf(value: unknown): Point | undefined {
  if (!isMapping(value)) return undefined;
  return typeof value.x === "number" && typeof value.y === "number" ? { x: value.x, y: value.y } : undefined;
}

function edgesInto(raw: Raw, known: ReadonlySet<string>): GraphEdge[] {
  const target = String(raw.id);
  const after = Array.isArray(raw.after) ? raw.after : [];
  const edges: GraphEdge[] = [];
  for (const item of after) {
    const source = isMapping(item) ? item.node : item;
    if (typeof source !== "string" || !known.has(source)) continue;
    const branch = isMapping(item) && typeof item.case === "string" ? item.case : undefined;
    edges.push({ id: edgeId(source, target, branch), source, target, ...(branch ? { case: branch } : {}) });
  }
  return edges;
}

/** Everything that can be reached from a node along edges, without it. */
export function descendants(graph: Graph, start: string): Set<string> {
  const downs = new Map<string, string[]>();
  for (const edge of graph.edges) push(downs, edge.source, edge.target);
  const seen = new Set<string>();
  const todo = [start];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const next of downs.get(id) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        todo.push(next);
      }
    }
  }
  return seen;
}

/** Whether one more edge would close a cycle, or be one by itself. */
export function closesCycle(graph: Graph, source: string, target: string): boolean {
  return source === target || descendants(graph, target).has(source);
}

export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
