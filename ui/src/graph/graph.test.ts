import { describe, expect, test } from "vitest";
import { largeDefinition } from "./fixtures";
import { begun, changed, MOST, redone, undone } from "./history";
import { layered, layersOf } from "./layered";
import { bounds, freeSpot, layout, placed } from "./layout";
import { foremost, lookOf } from "./looks";
import { closesCycle, descendants, graphOf, NODE_HEIGHT, NODE_WIDTH } from "./model";
import { nodeAt } from "./paint";
import { StatusStore } from "./statusStore";

const document = {
  spec: {
    nodes: [
      { id: "a", executor: "shell", position: { x: 5, y: 6 } },
      { id: "pick", kind: "decision", after: ["a"], cases: [{ name: "x" }] },
      {
        id: "b",
        name: "Bee",
        workflow: "w",
        kind: "workflow",
        foreach: "params.xs",
        after: [{ node: "pick", case: "x" }, "gone"],
      },
      { id: "a", executor: "twice" },
      "nonsense",
      { executor: "without id" },
    ],
  },
};

describe("model", () => {
  test("the graph of a document, whatever else stands in it", () => {
    const graph = graphOf(document);
    expect(graph.nodes.map((node) => [node.id, node.name, node.kind, node.detail, node.fansOut])).toEqual([
      ["a", "a", "task", "shell", false],
      ["pick", "pick", "decision", null, false],
      ["b", "Bee", "workflow", "w", true],
    ]);
    expect(graph.edges.map(({ source, target, case: branch }) => [source, target, branch])).toEqual([
      ["a", "pick", undefined],
      ["pick", "b", "x"],
    ]);
    expect(graph.nodes[0]?.position).toEqual({ x: 5, y: 6 });
  });

  test.each([null, 7, [], {}, { spec: 3 }, { spec: { nodes: {} } }])("no graph in %j", (value) => {
    expect(graphOf(value)).toEqual({ nodes: [], edges: [] });
  });

  test("what follows, and what would close a cycle", () => {
    const graph = graphOf(document);
    expect([...descendants(graph, "a")]).toEqual(["pick", "b"]);
    expect(closesCycle(graph, "b", "a")).toBe(true);
    expect(closesCycle(graph, "a", "a")).toBe(true);
    expect(closesCycle(graph, "a", "b")).toBe(false);
  });
});

describe("layout", () => {
  test.each([1000, 3000])("%i nodes lie in layers, none upon another", (count) => {
    const graph = graphOf(largeDefinition(count));
    expect(graph.nodes).toHaveLength(count);
    const begin = performance.now();
    const found = layout(graph);
    expect(performance.now() - begin).toBeLessThan(1500);
    for (const { source, target } of graph.edges)
      expect(found.get(source)?.x ?? 0).toBeLessThan(found.get(target)?.x ?? 0);
    const taken = new Map<number, number[]>();
    for (const { x, y } of found.values()) taken.set(x, [...(taken.get(x) ?? []), y]);
    for (const column of taken.values()) {
      column.sort((a, b) => a - b);
      column.forEach((y, index) => {
        if (index) expect(y - (column[index - 1] ?? 0)).toBeGreaterThanOrEqual(NODE_HEIGHT);
      });
    }
  });

  test("small graphs too", () => {
    const found = layout(graphOf(document));
    expect(found.get("a")?.x).toBeLessThan(found.get("b")?.x ?? 0);
  });

  test("what people placed stays where it is", () => {
    const graph = graphOf(document);
    const at = placed(graph, layered(graph));
    expect(at.get("a")).toEqual({ x: 5, y: 6 });
    expect(at.size).toBe(3);
  });

  test("a cycle does not hang it", () => {
    const nodes = ["a", "b"].map((id) => ({
      id,
      name: id,
      kind: "task" as const,
      detail: null,
      fansOut: false,
    }));
    const edges = [
      { id: "1", source: "a", target: "b" },
      { id: "2", source: "b", target: "a" },
    ];
    expect(layersOf({ nodes, edges }).flat().sort()).toEqual(["a", "b"]);
  });

  test("the box around everything", () => {
    expect(bounds([])).toEqual({ x: 0, y: 0, width: 1, height: 1 });
    expect(bounds([{ x: 10, y: 20 }])).toEqual({ x: 10, y: 20, width: NODE_WIDTH, height: NODE_HEIGHT });
  });

  test("which node lies under a point of the screen", () => {
    const drawing = { positions: new Map([["a", { x: 100, y: 100 }]]), edges: [] };
    const view = { x: 10, y: 0, zoom: 0.5, width: 800, height: 600 };
    expect(nodeAt(drawing.positions, view, 65, 55)).toBe("a");
    expect(nodeAt(drawing.positions, view, 20, 20)).toBeUndefined();
  });
});

describe("statuses", () => {
  test("only those who listen to a key hear of it, once a frame", () => {
    const frames: (() => void)[] = [];
    const store = new StatusStore<number>((call) => frames.push(call));
    const heard: string[] = [];
    store.subscribe("a", () => heard.push("a"));
    const stop = store.subscribe("b", () => heard.push("b"));
    store.subscribeAll(() => heard.push("all"));
    store.set("a", 1);
    store.set("a", 2);
    expect([frames.length, store.get("a"), heard]).toEqual([1, undefined, []]);
    frames.pop()?.();
    expect([store.get("a"), store.version, heard]).toEqual([2, 1, ["a", "all"]]);
    stop();
    store.set("b", 1);
    store.set("a", undefined);
    frames.pop()?.();
    expect([[...store.entries()], heard]).toEqual([[["b", 1]], ["a", "all", "a", "all"]]);
    store.flush();
    expect(store.version).toBe(2);
  });

  test.each([
    [{ status: "RUNNING" }, "running"],
    [{ status: "RUNNING", wait: "approval" }, "waiting"],
    [{ status: "RUNNING", paused: true }, "paused"],
    [{ status: "FAILED", reason: "timeout" }, "timedOut"],
    [{ status: "FAILED", reason: "canceled" }, "canceled"],
    [{ status: "FAILED", reason: "error" }, "failed"],
    [{ status: "SUCCESSFUL", operation: "SKIP" }, "skipped"],
    [{ status: "SUCCESSFUL", operation: "ROLLBACK" }, "rolledBack"],
    [{ status: "BYPASSED", reason: "broken" }, "broken"],
    [{ status: "BYPASSED", reason: "not_taken" }, "bypassed"],
    [{ status: "PENDING", operation: "ROLLBACK" }, "rolledBack"],
    [{ status: "EXPIRED" }, "timedOut"],
    [{ status: "CANCELED" }, "canceled"],
    [{ status: "PENDING" }, "pending"],
  ] as const)("%j looks %s", (standing, look) => {
    expect(lookOf(standing)).toBe(look);
  });

  test("of several the one that matters most is shown", () => {
    expect(foremost(["successful", "running", "failed", "pending"])).toBe("failed");
    expect(foremost(["successful", "bypassed"])).toBe("successful");
    expect(foremost([])).toBe("bypassed");
  });
});

describe("history", () => {
  test("there and back", () => {
    let history = changed(changed(begun(1), 2), 3);
    history = undone(undone(history));
    expect([history.present, history.future]).toEqual([1, [2, 3]]);
    expect(undone(history)).toBe(history);
    history = redone(history);
    expect(history.present).toBe(2);
    history = changed(history, 9);
    expect([history.future, redone(history)]).toEqual([[], history]);
    expect(changed(history, 9)).toBe(history);
  });

  test("typing is one change, a pause begins the next", () => {
    let history = changed(begun("a"), "ab", "typing", 1000);
    history = changed(history, "abc", "typing", 1300);
    expect(history.past).toEqual(["a"]);
    history = changed(history, "abcd", "typing", 9000);
    history = changed(history, "abcde", "other", 9001);
    expect(history.past).toEqual(["a", "abc", "abcd"]);
  });

  test("it does not grow without end", () => {
    let history = begun(0);
    for (let value = 1; value <= MOST + 20; value++) history = changed(history, value);
    expect(history.past).toHaveLength(MOST);
  });
});

test("a new node hides no other", () => {
  const taken = new Map([
    ["a", { x: 0, y: 0 }],
    ["b", { x: 10, y: NODE_HEIGHT + 30 }],
  ]);
  expect(freeSpot({ x: 0, y: 500 }, taken)).toEqual({ x: 0, y: 500 });
  expect(freeSpot({ x: NODE_WIDTH + 10, y: 0 }, taken)).toEqual({ x: NODE_WIDTH + 10, y: 0 });
  expect(freeSpot({ x: 5, y: 5 }, taken)).toEqual({ x: 5, y: 2 * NODE_HEIGHT + 50 });
});
