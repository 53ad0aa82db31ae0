/**
 * Ways of edges around nodes. The plane is cut into upright strips at the sides of all nodes; an edge whose
 * usual curve would run behind a node crosses each strip at a free height instead, as straight as it can.
 * An edge from right to left goes back at one height that is free all the way.
 */
import { BESIDE } from "./label";
import { type Graph, type GraphEdge, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";

/** A stretch at one height. */
export interface Run {
  from: number;
  to: number;
  y: number;
}

export interface Route {
  begin: Point;
  end: Point;
  /** From left to right, or one that goes back; none where the usual curve is free. */
  runs: Run[];
  /** The middle of the edge's label and how wide it may be. */
  label: Point & { room: number };
}

const CLEAR = 10; // pixels between an edge and a node
const APART = 8; // between edges side by side
const LABEL = 22; // between edges of which one has a label
const BEND = 24; // so many pixels of detour are better than one more bend
const TRIES = 8; // lanes that are tried on either side
const HIT = 100_000; // what a turn behind a node costs, in pixels of detour
const BOW = 48; // how far the control points of a turn lie beside a node
const REACH = BOW * 0.75; // and how far the turn itself

interface Strip {
  left: number;
  right: number;
  blocked: [number, number][];
  lanes: Lane[];
}

interface Lane {
  y: number;
  edge: GraphEdge;
}

/** Routes of the edges that need one: to go around nodes or to place a label. */
export function routes(graph: Graph, positions: ReadonlyMap<string, Point>): Map<string, Route> {
  const nodes = [...positions.values()].sort((one, other) => one.y - other.y);
  const strips = stripsOf(nodes);
  const at = new Map(strips.map((strip, index) => [strip.left, index]));
  const found = new Map<string, Route>();
  const twins = new Map<string, number>();
  for (const { edge, begin, end } of forward(graph, positions)) {
    const between = strips.slice(at.get(begin.x), at.get(end.x)).filter((strip) => strip.blocked.length);
    const runs = runsOf(edge, begin, end, between);
    const key = `${edge.source}\n${edge.target}`;
    const twin = twins.get(key) ?? 0;
    twins.set(key, twin + 1);
    if (runs.length || edge.case) {
      const label = labelAt(begin, end, runs, between);
      found.set(edge.id, { begin, end, runs, label: { ...label, y: label.y + twin * LABEL } });
    }
  }
  for (const { edge, begin, end } of backward(graph, positions)) {
    const y = heightBack(edge, begin, end, strips, nodes);
    const label = { x: (begin.x + end.x) / 2, y, room: begin.x - end.x };
    found.set(edge.id, { begin, end, runs: [{ from: begin.x, to: end.x, y }], label });
  }
  return found;
}

interface Span {
  edge: GraphEdge;
  begin: Point;
  end: Point;
}

/** From the right side of the source to the left side of the target. */
function spans(graph: Graph, positions: ReadonlyMap<string, Point>): Span[] {
  const middle = NODE_HEIGHT / 2;
  return graph.edges.flatMap((edge) => {
    const [from, to] = [positions.get(edge.source), positions.get(edge.target)];
    if (!from || !to) return [];
    const begin = { x: from.x + NODE_WIDTH, y: from.y + middle };
    return [{ edge, begin, end: { x: to.x, y: to.y + middle } }];
  });
}

/** Edges from left to right, short ones first: they have less choice. */
function forward(graph: Graph, positions: ReadonlyMap<string, Point>): Span[] {
  const found = spans(graph, positions).filter(({ begin, end }) => end.x > begin.x);
  return found.sort((one, other) => one.end.x - one.begin.x - (other.end.x - other.begin.x));
}

function backward(graph: Graph, positions: ReadonlyMap<string, Point>): Span[] {
  const found = spans(graph, positions).filter(({ begin, end }) => end.x <= begin.x);
  return found.sort((one, other) => one.begin.x - one.end.x - (other.begin.x - other.end.x));
}

/** The height nearest to both ends that is free of nodes all the way back, if possible at the turns as well. */
function heightBack(edge: GraphEdge, begin: Point, end: Point, strips: Strip[], nodes: Point[]): number {
  const within = (left: number, right: number) =>
    strips.filter((strip) => strip.left < right && strip.right > left);
  const way = within(end.x, begin.x);
  const turns: [number, Strip[]][] = [
    [begin.y, within(begin.x, begin.x + REACH)],
    [end.y, within(end.x - REACH, end.x)],
  ];
  const cost = (y: number) => {
    const hits = turns.filter(([from, beside]) =>
      beside.some((strip) => overlaps(strip, Math.min(from, y), Math.max(from, y))),
    );
    return Math.abs(y - begin.y) + Math.abs(y - end.y) + hits.length * HIT;
  };
  const walls: [number, number][] = [];
  for (const { x, y } of nodes)
    if (x < begin.x && x + NODE_WIDTH > end.x) block(walls, y - CLEAR, y + NODE_HEIGHT + CLEAR);
  const [nearest = begin.y] = walls.flat().sort((one, other) => cost(one) - cost(other));
  const y = laneBeside(edge, way, nearest);
  for (const strip of way) strip.lanes.push({ y, edge });
  return y;
}

/** The strips beside and upon the nodes, which come from top to bottom. */
function stripsOf(nodes: Point[]): Strip[] {
  const sides = [...new Set(nodes.flatMap(({ x }) => [x, x + NODE_WIDTH]))].sort((a, b) => a - b);
  const strips = sides
    .slice(1)
    .map((right, index): Strip => ({ left: sides[index] ?? right, right, blocked: [], lanes: [] }));
  const first = new Map(sides.map((side, index) => [side, index]));
  for (const { x, y } of nodes)
    for (let index = first.get(x) ?? 0; (strips[index]?.left ?? x + NODE_WIDTH) < x + NODE_WIDTH; index++)
      block(strips[index]?.blocked ?? [], y - CLEAR, y + NODE_HEIGHT + CLEAR);
  return strips;
}

/** Adds an interval to those that begin above it. */
function block(blocked: [number, number][], top: number, bottom: number): void {
  const last = blocked.at(-1);
  if (last && top <= last[1]) last[1] = Math.max(last[1], bottom);
  else blocked.push([top, bottom]);
}

function runsOf(edge: GraphEdge, begin: Point, end: Point, between: Strip[]): Run[] {
  const usual = between.map(
    (strip) => [curve(begin, end, strip.left), curve(begin, end, strip.right)] as const,
  );
  const isFree = between.every((strip, index) => {
    const [one = 0, other = 0] = usual[index] ?? [];
    const [top, bottom] = [Math.min(one, other), Math.max(one, other)];
    return !overlaps(strip, top, bottom) && !taken(strip, edge, (one + other) / 2);
  });
  const heights = isFree ? usual.map(([one, other]) => (one + other) / 2) : crossing(begin, end, between);
  const runs = isFree ? [] : separated(edge, between, heights);
  if (isFree)
    for (const [index, strip] of between.entries()) strip.lanes.push({ y: heights[index] ?? 0, edge });
  return runs;
}

/** The height of the usual curve at `x`. */
export function curve(begin: Point, end: Point, x: number): number {
  const part = (x - begin.x) / (end.x - begin.x);
  let [low, high] = [0, 1];
  for (let step = 0; step < 14; step++) {
    const t = (low + high) / 2;
    if (1.5 * t * (1 - t) + t ** 3 < part) low = t;
    else high = t;
  }
  const t = (low + high) / 2;
  return begin.y + (end.y - begin.y) * t * t * (3 - 2 * t);
}

/** The blocked interval that ends below `y`, the first of them. */
function below(blocked: [number, number][], y: number): [number, number] | undefined {
  let [low, high] = [0, blocked.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocked[middle]?.[1] ?? 0) > y) high = middle;
    else low = middle + 1;
  }
  return blocked[low];
}

function overlaps(strip: Strip, top: number, bottom: number): boolean {
  const next = below(strip.blocked, top);
  return next !== undefined && next[0] < bottom;
}

/** `y` where it is free there, else the free heights next to it. */
function free(strip: Strip, y: number): number[] {
  const next = below(strip.blocked, y);
  return next && next[0] < y ? [next[0], next[1]] : [y];
}

interface Step {
  y: number;
  cost: number;
  before: Step | null;
}

/** The cheapest heights, strip by strip. */
function crossing(begin: Point, end: Point, between: Strip[]): number[] {
  const line = (strip: Strip) => {
    const part = ((strip.left + strip.right) / 2 - begin.x) / (end.x - begin.x);
    return begin.y + (end.y - begin.y) * part;
  };
  const beside = between.map((strip) => free(strip, line(strip)));
  const over = Math.min(...beside.map((ys) => ys[0] ?? begin.y));
  const under = Math.max(...beside.map((ys) => ys.at(-1) ?? begin.y));
  let steps: Step[] = [{ y: begin.y, cost: 0, before: null }];
  for (const [index, strip] of between.entries()) {
    const wishes = [begin.y, end.y, over, under].flatMap((y) => free(strip, y));
    const heights = new Set([...wishes, ...(beside[index] ?? [])]);
    steps = [...heights].map((y) => cheapest(steps, y));
  }
  let last: Step | null = cheapest(steps, end.y).before;
  const found: number[] = [];
  for (; last?.before; last = last.before) found.unshift(last.y);
  return found;
}

function cheapest(steps: Step[], y: number): Step {
  let best: Step = { y, cost: Number.POSITIVE_INFINITY, before: null };
  for (const before of steps) {
    const cost = before.cost + (before.y === y ? 0 : Math.abs(before.y - y) + BEND);
    if (cost < best.cost) best = { y, cost, before };
  }
  return best;
}

/** Stretches at one height, each in a lane that is its own. */
function separated(edge: GraphEdge, between: Strip[], heights: number[]): Run[] {
  const runs: Run[] = [];
  for (let first = 0; first < between.length; ) {
    let last = first;
    while (last + 1 < between.length && heights[last + 1] === heights[first]) last++;
    const part = between.slice(first, last + 1);
    const y = laneBeside(edge, part, heights[first] ?? 0);
    for (const strip of part) strip.lanes.push({ y, edge });
    runs.push({ from: part[0]?.left ?? 0, to: part.at(-1)?.right ?? 0, y });
    first = last + 1;
  }
  return runs;
}

function laneBeside(edge: GraphEdge, strips: Strip[], y: number): number {
  for (let step = 0; step <= TRIES; step++)
    for (const lane of [y - step * APART, y + step * APART])
      if (strips.every((strip) => !overlaps(strip, lane - 0.1, lane + 0.1) && !taken(strip, edge, lane)))
        return lane;
  return y;
}

/** Whether another edge runs too near; those of one source or target may run together, but for labels. */
function taken(strip: Strip, edge: GraphEdge, y: number): boolean {
  return strip.lanes.some(({ y: other, edge: beside }) => {
    const labelled = Boolean(edge.case || beside.case);
    const akin = edge.source === beside.source || edge.target === beside.target;
    return (labelled || !akin) && Math.abs(other - y) < (labelled ? LABEL : APART);
  });
}

/** Upon the longest stretch, else in the first gap between nodes. */
function labelAt(begin: Point, end: Point, runs: Run[], between: Strip[]): Route["label"] {
  const longest = runs.toSorted((one, other) => other.to - other.from - (one.to - one.from))[0];
  if (longest) {
    const { from, to, y } = longest;
    return { x: (from + to) / 2, y, room: to - from };
  }
  const next = between[0]?.left ?? end.x;
  const x = (begin.x + end.x) / 2;
  if (next === end.x) return { x, y: (begin.y + end.y) / 2, room: end.x - begin.x - BESIDE };
  return { x, y: curve(begin, end, x), room: end.x - begin.x - 2 * BESIDE };
}

/** An SVG path of level stretches and of curves that begin and end level. */
export function pathOf(begin: Point, end: Point, runs: Run[]): string {
  const [back] = runs;
  if (back && back.to <= back.from) return pathBack(begin, end, back.y);
  let path = `M${begin.x},${begin.y}`;
  let at = begin;
  const to = (next: Point) => {
    const middle = (at.x + next.x) / 2;
    path += ` C${middle},${at.y} ${middle},${next.y} ${next.x},${next.y}`;
    at = next;
  };
  for (const { from, to: until, y } of runs) {
    to({ x: from, y });
    path += ` L${until},${y}`;
    at = { x: until, y };
  }
  to(end);
  return path;
}

/** Out to the right, back at one height, and in from the left. */
function pathBack({ x: right, y: first }: Point, { x: left, y: last }: Point, y: number): string {
  const out = `C${right + BOW},${first} ${right + BOW},${y} ${right},${y}`;
  const home = `C${left - BOW},${y} ${left - BOW},${last} ${left},${last}`;
  return `M${right},${first} ${out} L${left},${y} ${home}`;
}
