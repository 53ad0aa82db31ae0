/** Where nodes are drawn: computed from left to right, and on top of it what people have placed. */
import dagre from "@dagrejs/dagre";
import { BESIDE, widthOf } from "./label";
import { GAP_ACROSS, GAP_ALONG, layered } from "./layered";
import { type Graph, type GraphEdge, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";

/** Beyond this many nodes the fast layout draws the graph. */
const DAGRE_MOST = 300;
const LINE = 20; // pixels, of a label

export function layout(graph: Graph): Map<string, Point> {
  return graph.nodes.length <= DAGRE_MOST ? byDagre(graph) : layered(graph);
}

/** A branch's name has room of its own where its edge leads to the next layer: else there is enough. */
function byDagre(graph: Graph): Map<string, Point> {
  const found = arranged(graph, new Set());
  const tight = graph.edges.filter((edge) => {
    const [from, to] = [found.get(edge.source)?.x ?? 0, found.get(edge.target)?.x ?? 0];
    return edge.case && widthOf(edge.case) > GAP_ACROSS - BESIDE && to - from <= NODE_WIDTH + GAP_ACROSS;
  });
  return tight.length ? arranged(graph, new Set(tight)) : found;
}

function arranged(graph: Graph, roomy: ReadonlySet<GraphEdge>): Map<string, Point> {
  const drawing = new dagre.graphlib.Graph();
  drawing.setGraph({ rankdir: "LR", nodesep: GAP_ALONG, ranksep: GAP_ACROSS });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) drawing.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const edge of graph.edges)
    drawing.setEdge(edge.source, edge.target, roomy.has(edge) ? roomOf(edge) : {});
  dagre.layout(drawing);
  return new Map(
    graph.nodes.map(({ id }) => {
      const { x, y } = drawing.node(id);
      return [id, { x: Math.round(x - NODE_WIDTH / 2), y: Math.round(y - NODE_HEIGHT / 2) }];
    }),
  );
}

function roomOf(edge: GraphEdge): object {
  return { width: widthOf(edge.case ?? ""), height: LINE, labelpos: "c" };
}

/** Computed positions, but for the nodes that have one of their own. */
export function placed(graph: Graph, computed: ReadonlyMap<string, Point>): Map<string, Point> {
  return new Map(
    graph.nodes.map((node) => [node.id, node.position ?? computed.get(node.id) ?? { x: 0, y: 0 }]),
  );
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The smallest box around all nodes. */
export function bounds(positions: Iterable<Point>): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of positions) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + NODE_WIDTH);
    bottom = Math.max(bottom, y + NODE_HEIGHT);
  }
  return left === Infinity
    ? { x: 0, y: 0, width: 1, height: 1 }
    : { x: left, y: top, width: right - left, height: bottom - top };
}

const APART = 20; // pixels

/** The place nearest below where a node hides no other. */
export function freeSpot(wanted: Point, positions: ReadonlyMap<string, Point>): Point {
  const hit = [...positions.values()].find(
    ({ x, y }) => Math.abs(x - wanted.x) < NODE_WIDTH && Math.abs(y - wanted.y) < NODE_HEIGHT,
  );
  return hit ? freeSpot({ x: wanted.x, y: hit.y + NODE_HEIGHT + APART }, positions) : wanted;
}
