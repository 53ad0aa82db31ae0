import { describe, expect, test } from "vitest";
import {
  addNodes,
  blank,
  connect,
  copies,
  disconnect,
  forgetPositions,
  freeId,
  moveNodes,
  nodeIndexOf,
  parsed,
  removeCase,
  removeNodes,
  renameCase,
  renameNode,
  setCase,
  setKey,
  setNode,
} from "./document";

const TEXT = `# our nightly work
apiVersion: headrace/v1
kind: Workflow
metadata: {name: nightly}   # the name
spec:
  nodes:
  - id: a          # the first
    executor: shell
    with:
      script: |
        echo one
        echo two
  - id: pick
    kind: decision
    after: [a]
    cases: [{name: good}, {name: bad}]
  # the last
  - id: b
    executor: noop
    after: [{node: pick, case: good}]
`;

const nodes = (text: string) =>
  (parsed(text).value as { spec: { nodes: Record<string, unknown>[] } }).spec.nodes;
const comments = ["# our nightly work", "# the name", "# the first", "# the last"];

describe("changes of the text", () => {
  test("what is not touched stays as it is, comments and all", () => {
    let text = setNode(TEXT, "b", { timeout: "5m", executor: "sleep" });
    text = moveNodes(text, new Map([["a", { x: 1.4, y: 2.6 }]]));
    text = connect(text, { source: "a", target: "b" });
    text = setKey(text, "spec", "on_failure", "stop");
    for (const comment of comments) expect(text).toContain(comment);
    expect(text).toContain("        echo one\n        echo two\n");
    expect(text).toContain("position: {x: 1, y: 3}");
    expect(nodes(text)[2]).toMatchObject({
      timeout: "5m",
      executor: "sleep",
      after: [{ node: "pick", case: "good" }, "a"],
    });
    expect(text.indexOf("on_failure")).toBeLessThan(text.indexOf("nodes:"));
  });

  test("a key takes its place in the order of the guide, and goes again", () => {
    const text = setNode(TEXT, "a", { timeout: "1h", name: "First" });
    expect(Object.keys(nodes(text)[0] ?? {})).toEqual(["id", "name", "executor", "with", "timeout"]);
    expect(nodes(setNode(text, "a", { timeout: undefined, name: undefined }))).toEqual(nodes(TEXT));
    expect(setNode(TEXT, "nobody", { name: "x" })).toContain("# the last");
  });

  test("nodes come and go with their edges", () => {
    const text = addNodes(blank("w"), [{ id: "x", executor: "noop" }]);
    expect(nodes(text)).toEqual([{ id: "x", executor: "noop" }]);
    const left = removeNodes(TEXT, new Set(["pick"]));
    expect(nodes(left).map((node) => [node.id, node.after])).toEqual([
      ["a", undefined],
      ["b", undefined],
    ]);
    expect(nodes(removeNodes(text, new Set(["x"])))).toEqual([]);
    expect(nodes(addNodes(removeNodes(text, new Set(["x"])), [{ id: "y", executor: "noop" }]))).toHaveLength(
      1,
    );
  });

  test("a new id is followed by the edges", () => {
    const text = renameNode(TEXT, "pick", "choose");
    expect(nodes(text).map((node) => node.id)).toEqual(["a", "choose", "b"]);
    expect(nodes(text)[2]?.after).toEqual([{ node: "choose", case: "good" }]);
    expect(nodes(renameNode(TEXT, "pick", "a"))).toEqual(nodes(TEXT));
  });

  test("a branch takes its edges along, to another name and away", () => {
    const renamed = renameCase(TEXT, "pick", "good", "fine");
    expect(nodes(renamed)[1]?.cases).toEqual([{ name: "fine" }, { name: "bad" }]);
    expect(nodes(renamed)[2]?.after).toEqual([{ node: "pick", case: "fine" }]);
    const gone = removeCase(renamed, "pick", 0);
    expect(nodes(gone)[1]?.cases).toEqual([{ name: "bad" }]);
    expect(nodes(gone)[2]?.after).toBeUndefined();
    expect(nodes(removeCase(TEXT, "pick", 1))[2]?.after).toEqual([{ node: "pick", case: "good" }]);
    expect(nodes(removeCase(TEXT, "a", 0))).toEqual(nodes(TEXT));
  });

  test("edges, once each, with branches", () => {
    const twice = connect(connect(TEXT, { source: "a", target: "b" }), { source: "a", target: "b" });
    expect(nodes(twice)[2]?.after).toEqual([{ node: "pick", case: "good" }, "a"]);
    const bad = setCase(TEXT, { source: "pick", target: "b", case: "good" }, "bad");
    expect(nodes(bad)[2]?.after).toEqual([{ node: "pick", case: "bad" }]);
    expect(nodes(setCase(TEXT, { source: "pick", target: "b", case: "good" }, undefined))[2]?.after).toEqual([
      "pick",
    ]);
    expect(
      nodes(disconnect(TEXT, [{ source: "pick", target: "b", case: "good" }]))[2]?.after,
    ).toBeUndefined();
    expect(nodes(disconnect(TEXT, [{ source: "pick", target: "b" }]))[2]?.after).toHaveLength(1);
    expect(connect(TEXT, { source: "nobody", target: "b" })).toContain("# the last");
  });

  test("positions are forgotten", () => {
    const text = forgetPositions(moveNodes(TEXT, new Map([["a", { x: 1, y: 2 }]])));
    expect(nodes(text)).toEqual(nodes(TEXT));
  });

  test("texts that YAML would take for something else keep their quotes", () => {
    const text = setNode(TEXT, "a", { name: "yes: no", description: "10", timeout: "1e3" });
    expect(nodes(text)[0]).toMatchObject({ name: "yes: no", description: "10", timeout: "1e3" });
  });

  test("settings", () => {
    const text = setKey(setKey(TEXT, "metadata", "remark", "why"), "spec", "schedule", { cron: "0 2 * * *" });
    expect(text.indexOf("schedule:")).toBeGreaterThan(text.indexOf("nodes:"));
    expect(parsed(setKey(text, "spec", "schedule", undefined)).value).not.toHaveProperty("spec.schedule");
    expect(text).toContain("# the first");
  });
});

describe("reading", () => {
  test("a fault says its line", () => {
    const { value, fault } = parsed("a: 1\nb: [1\n");
    expect(value).toBeNull();
    expect(fault?.line).toBeGreaterThanOrEqual(2);
    expect(parsed("a: 1\na: 2\n").fault).not.toBeNull();
  });

  test("which node a problem speaks of", () => {
    expect(nodeIndexOf("spec.nodes[12].after[0]")).toBe(12);
    expect(nodeIndexOf("metadata.name")).toBeNull();
  });
});

describe("copies", () => {
  test("have ids of their own and the edges among them", () => {
    const made = copies(
      [
        { id: "a", executor: "noop", position: { x: 1, y: 2 } },
        { id: "b", executor: "noop", after: ["a", { node: "elsewhere", case: "x" }] },
      ],
      new Set(["a", "b"]),
      { x: 10, y: 10 },
    );
    expect(made).toEqual([
      { id: "a-2", executor: "noop", position: { x: 11, y: 12 } },
      { id: "b-2", executor: "noop", after: ["a-2"] },
    ]);
    expect(freeId("a-2", new Set(["a-2", "a-3"]))).toBe("a-4");
  });
});
