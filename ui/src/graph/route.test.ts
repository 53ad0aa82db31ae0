import { describe, expect, test } from "vitest";
import { largeDefinition } from "./fixtures";
import { fitted, widthOf } from "./label";
import { layout } from "./layout";
import { type Graph, type GraphEdge, graphOf, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";
import { curve, pathOf, type Route, routes } from "./route";

/** A graph of names: `b: ["a"]` is b after a; `a:yes` is the branch yes of a. */
function graph(after: Record<string, string[]>): Graph {
  const nodes = Object.entries(after).map(([id, ups]) => ({
    id,
    after: ups.map((up) => (up.includes(":") ? { node: up.split(":")[0], case: up.split(":")[1] } : up)),
  }));
  return graphOf({ spec: { nodes } });
}

function ends(edge: GraphEdge, positions: ReadonlyMap<string, Point>): [Point, Point] {
  const [from, to] = [positions.get(edge.source), positions.get(edge.target)];
  if (!from || !to) throw new Error(edge.id);
  const middle = NODE_HEIGHT / 2;
  return [
    { x: from.x + NODE_WIDTH, y: from.y + middle },
    { x: to.x, y: to.y + middle },
  ];
}

/** Points of a turn beside a node, and of the stretch between two of them. */
function drawnBack(begin: Point, end: Point, y: number): Point[] {
  const turn = (from: Point, to: Point, bow: number) =>
    Array.from({ length: 33 }, (_, step) => {
      const t = step / 32;
      return { x: from.x + 3 * bow * t * (1 - t), y: from.y + (to.y - from.y) * t * t * (3 - 2 * t) };
    });
  const [right, left] = [
    { x: begin.x, y },
    { x: end.x, y },
  ];
  const level = Array.from({ length: Math.ceil((right.x - left.x) / 4) }, (_, step) => ({
    x: left.x + 4 * step,
    y,
  }));
  return [...turn(begin, right, 48), ...level, ...turn(left, end, -48)];
}

/** Points of the edge as it is drawn, every few pixels. */
function drawn(edge: GraphEdge, positions: ReadonlyMap<string, Point>, route: Route | undefined): Point[] {
  const [begin, end] = ends(edge, positions);
  const [back] = route?.runs ?? [];
  if (back && back.to <= back.from) return drawnBack(begin, end, back.y);
  const found: Point[] = [];
  let at = begin;
  const to = (next: Point) => {
    for (let x = at.x; x < next.x; x += 4) found.push({ x, y: curve(at, next, x) });
    at = next;
  };
  for (const run of route?.runs ?? []) {
    to({ x: run.from, y: run.y });
    to({ x: run.to, y: run.y });
  }
  to(end);
  return found;
}

/** Edges and the nodes behind which they run. */
function hidden(of: Graph, positions: ReadonlyMap<string, Point>): string[] {
  const ways = routes(of, positions);
  return of.edges.flatMap((edge) => {
    const points = drawn(edge, positions, ways.get(edge.id));
    return [...positions]
      .filter(([id]) => id !== edge.source && id !== edge.target)
      .filter(([, { x, y }]) =>
        points.some((at) => at.x > x && at.x < x + NODE_WIDTH && at.y > y && at.y < y + NODE_HEIGHT),
      )
      .map(([id]) => `${edge.id} behind ${id}`);
  });
}

/** The same numbers every time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

function random(seed: number, count: number): Graph {
  const roll = dice(seed);
  const after: Record<string, string[]> = {};
  for (let index = 0; index < count; index++) {
    const ups = new Set<string>();
    for (let each = 0; each < 3 && index; each++) ups.add(`n${Math.floor(roll() * index)}`);
    after[`n${index}`] = [...ups];
  }
  return graph(after);
}

/** Places in rows and columns, in no order. */
function scattered({ nodes }: Graph, seed: number): Map<string, Point> {
  const roll = dice(seed);
  const wide = Math.ceil(Math.sqrt(1.5 * nodes.length));
  const places = Array.from({ length: wide * wide }, (_, place) => ({ place, luck: roll() }));
  places.sort((one, other) => one.luck - other.luck);
  const at = (place = 0) => ({ x: (place % wide) * 264, y: Math.floor(place / wide) * 100 });
  return new Map(nodes.map(({ id }, index) => [id, at(places[index]?.place)]));
}

describe("routes", () => {
  const chain = graph({ a: [], b: ["a"], c: ["b", "a"], d: ["c", "a", "b"] });
  const row = new Map(["a", "b", "c", "d"].map((id, index) => [id, { x: index * 264, y: 0 }]));

  test("go around nodes that lie in a row, and only where they must", () => {
    const ways = routes(chain, row);
    expect([...ways.keys()].sort()).toEqual(["a→c", "a→d", "b→d"]);
    expect(hidden(chain, row)).toEqual([]);
    const heights = [...ways.values()].flatMap(({ runs }) => runs.map(({ y }) => y));
    for (const y of heights) expect(y < 0 || y > NODE_HEIGHT).toBe(true);
  });

  test("of edges that have nothing in common do not lie upon each other", () => {
    const crowd = graph({ a: [], b: ["a"], c: ["b", "a"], d: ["c", "b"] });
    const [one, other] = ["a→c", "b→d"].map((id) => routes(crowd, row).get(id)?.runs[0]);
    expect(one && other && (one.y !== other.y || one.to <= other.from)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 6])("hide behind no node of the computed layout (%i)", (seed) => {
    const made = random(seed, 50);
    expect(hidden(made, layout(made))).toEqual([]);
  });

  test("of edges from right to left go around nodes", () => {
    const back = new Map([...row].map(([id, { x, y }]) => [id, { x: -x, y }]));
    expect(routes(chain, back).size).toBe(chain.edges.length);
    expect(hidden(chain, back)).toEqual([]);
  });

  test("of edges from right to left do not lie upon each other", () => {
    const pairs = graph({ d: [], c: ["d"], b: [], a: ["c"] });
    const ways = routes(pairs, row);
    const [one, other] = ["d→c", "c→a"].map((id) => ways.get(id)?.runs[0]?.y ?? Number.NaN);
    expect(Math.abs((one ?? 0) - (other ?? 0))).toBeGreaterThanOrEqual(8);
  });

  test.each([1, 2, 3, 4, 5, 6])("hide behind no node wherever these are put (%i)", (seed) => {
    const made = random(seed, 40);
    const positions = scattered(made, seed);
    const isBack = (edge: GraphEdge) => ends(edge, positions)[1].x < ends(edge, positions)[0].x;
    expect(made.edges.some(isBack)).toBe(true);
    expect(hidden(made, positions)).toEqual([]);
  });

  test("make room for the names of branches", () => {
    const branches = graph({
      pick: [],
      x: ["pick:another-long-name"],
      y: ["x"],
      end: ["y", "pick:a-rather-long-name"],
    });
    const positions = layout(branches);
    const found = routes(branches, positions);
    for (const edge of branches.edges.filter((each) => each.case)) {
      const label = found.get(edge.id)?.label;
      expect(label?.room).toBeGreaterThanOrEqual(widthOf(edge.case ?? ""));
      for (const { x, y } of positions.values()) {
        const beside = (label?.x ?? 0) < x || (label?.x ?? 0) > x + NODE_WIDTH;
        expect(beside || (label?.y ?? 0) < y || (label?.y ?? 0) > y + NODE_HEIGHT).toBe(true);
      }
    }
    expect(hidden(branches, positions)).toEqual([]);
  });

  test("of two branches to one node have a label each", () => {
    const both = graph({ pick: [], end: ["pick:good", "pick:bad"] });
    const labels = [...routes(both, layout(both)).values()].map(({ label }) => label.y);
    expect(Math.abs((labels[0] ?? 0) - (labels[1] ?? 0))).toBeGreaterThan(18);
  });

  test.each([1000, 3000])("are found soon in a graph of %i nodes", (count) => {
    const large = graphOf(largeDefinition(count));
    const positions = layout(large);
    const begin = performance.now();
    routes(large, positions);
    expect(performance.now() - begin).toBeLessThan(500);
  });

  test("are found soon where every edge is long", () => {
    const large = random(7, 1000);
    const positions = layout(large);
    const begin = performance.now();
    routes(large, positions);
    expect(performance.now() - begin).toBeLessThan(1500);
  });

  test("are found soon where half of the edges go back", () => {
    const large = random(7, 1000);
    const begin = performance.now();
    routes(large, scattered(large, 7));
    expect(performance.now() - begin).toBeLessThan(1500);
  });

  test("are drawn as level stretches with curves between them", () => {
    const path = pathOf({ x: 0, y: 0 }, { x: 100, y: 0 }, [{ from: 20, to: 80, y: 40 }]);
    expect(path).toBe("M0,0 C10,0 10,40 20,40 L80,40 C90,40 90,0 100,0");
    const back = pathOf({ x: 100, y: 0 }, { x: 0, y: 20 }, [{ from: 100, to: 0, y: 60 }]);
    expect(back).toBe("M100,0 C148,0 148,60 100,60 L0,60 C-48,60 -48,20 0,20");
  });
});

describe("labels", () => {
  test("are cut where there is no room", () => {
    expect(fitted("good", 60)).toBe("good");
    expect(fitted("a-rather-long-name", 60)).toBe("a-rath…");
    expect(fitted("回滚到上一个版本", 60)).toBe("回滚到…");
    expect(widthOf("版本")).toBeGreaterThan(widthOf("ab"));
  });
});
