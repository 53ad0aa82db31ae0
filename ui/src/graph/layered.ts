/**
 * A layered layout in almost linear time, for graphs that are too large for better ones: layers by the
 * longest path, order within a layer by the middle of the neighbours, then rows as close to them as fits.
 */
import { type Graph, NODE_HEIGHT, NODE_WIDTH, type Point, push } from "./model";

export const GAP_ACROSS = 64;
export const GAP_ALONG = 28;
const SWEEPS = 6;

export function layered(graph: Graph): Map<string, Point> {
  const layers = layersOf(graph);
  const ups = neighbours(graph, "target", "source");
  const downs = neighbours(graph, "source", "target");
  const place = new Map<string, number>();
  for (const layer of layers) for (const [index, id] of layer.entries()) place.set(id, index);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forward = sweep % 2 === 0;
    const order = forward ? layers : [...layers].reverse();
    for (const layer of order) reorder(layer, forward ? ups : downs, place);
  }
  return positions(layers, ups);
}

/** Nodes by the length of the longest path to them; nodes on a cycle share the layer of what is left. */
export function layersOf(graph: Graph): string[][] {
  const missing = new Map(graph.nodes.map((node) => [node.id, 0]));
  const depth = new Map<string, number>();
  for (const edge of graph.edges) missing.set(edge.target, (missing.get(edge.target) ?? 0) + 1);
  const downs = neighbours(graph, "source", "target");
  const ready = graph.nodes.filter((node) => missing.get(node.id) === 0).map((node) => node.id);
  for (const id of ready) {
    const next = (depth.get(id) ?? 0) + 1;
    if (!depth.has(id)) depth.set(id, 0);
    for (const down of downs.get(id) ?? []) {
      depth.set(down, Math.max(depth.get(down) ?? 0, next));
      const left = (missing.get(down) ?? 1) - 1;
      missing.set(down, left);
      if (left === 0) ready.push(down);
    }
  }
  const layers: string[][] = [];
  for (const node of graph.nodes) {
    const layer = depth.get(node.id) ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(node.id);
  }
  return layers.filter((layer) => layer.length > 0);
}

function neighbours(
  graph: Graph,
  of: "source" | "target",
  other: "source" | "target",
): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  for (const edge of graph.edges) push(lists, edge[of], edge[other]);
  return lists;
}

function reorder(layer: string[], beside: Map<string, string[]>, place: Map<string, number>): void {
  const wish = new Map<string, number>();
  layer.forEach((id, index) => {
    const at = (beside.get(id) ?? []).map((each) => place.get(each) ?? 0);
    wish.set(id, at.length ? at.reduce((sum, each) => sum + each, 0) / at.length : index);
  });
  layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
  for (const [index, id] of layer.entries()) place.set(id, index);
}

function positions(layers: string[][], ups: Map<string, string[]>): Map<string, Point> {
  const found = new Map<string, Point>();
  const step = NODE_HEIGHT + GAP_ALONG;
  layers.forEach((layer, column) => {
    const x = column * (NODE_WIDTH + GAP_ACROSS);
    const wishes = layer.map(
      (id, index) => wished(ups.get(id), found) ?? (index - (layer.length - 1) / 2) * step,
    );
    let free = Number.NEGATIVE_INFINITY;
    const rows = wishes.map((wish) => {
      const y = Math.max(wish, free);
      free = y + step;
      return y;
    });
    const drift = average(wishes) - average(rows);
    layer.forEach((id, index) => {
      found.set(id, { x, y: Math.round((rows[index] ?? 0) + drift) });
    });
  });
  return found;
}

function wished(ups: string[] | undefined, found: Map<string, Point>): number | undefined {
  const at = (ups ?? []).flatMap((id) => found.get(id)?.y ?? []);
  return at.length ? average(at) : undefined;
}

function average(values: number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
