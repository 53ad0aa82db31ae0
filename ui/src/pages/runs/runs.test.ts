import { describe, expect, test } from "vitest";
import type { Run, Step } from "@/api/shapes";
import { duration } from "@/parts/time";
import { tokensOf } from "./ansi";
import { inOrder, spanOf } from "./Gantt";
import { LogFile, MOST_PIECES, PIECE } from "./logFile";
import { RunModel, statusOf } from "./runModel";

const AT = "2026-01-01T00:00:10+00:00";

function step(id: number, more: Partial<Step> = {}): Step {
  return {
    id,
    runId: 1,
    node: `n${id}`,
    name: `n${id}`,
    kind: "task",
    executor: "noop",
    status: "PENDING",
    operation: "EXECUTE",
    phase: null,
    wait: null,
    reason: null,
    message: null,
    progress: null,
    attempt: 0,
    parallelIdx: -1,
    upstreams: [],
    downstreams: [],
    outputs: null,
    createdAt: AT,
    startedAt: null,
    finishedAt: null,
    ...more,
  };
}

describe("the model of a run", () => {
  const soon: (() => void)[] = [];
  const model = () => {
    const made = new RunModel((call) => soon.push(call));
    return made;
  };
  const flush = () => {
    for (const call of soon.splice(0)) call();
  };

  test("an event changes the step and its node, and nothing else", () => {
    const run = model();
    run.load([step(1), step(2)]);
    flush();
    const heard: string[] = [];
    run.nodes.subscribe("n1", () => heard.push("n1"));
    run.nodes.subscribe("n2", () => heard.push("n2"));
    const known = run.apply({
      run: 1,
      seq: 2,
      at: AT,
      changes: [{ step: 1, status: "RUNNING", attempt: 1 }],
    });
    flush();
    expect([known, heard, run.nodes.get("n1")?.look]).toEqual([false, ["n1"], "running"]);
    expect(run.step(1)?.startedAt).toBe(AT);
    run.apply({
      run: 1,
      seq: 3,
      at: AT,
      changes: [
        { step: 1, progress: 40 },
        { run: "pause", paused: true },
      ],
    });
    flush();
    expect(run.nodes.get("n1")?.progress).toBe(40);
    run.apply({ run: 1, seq: 4, at: AT, changes: [{ step: 1, status: "SUCCESSFUL" }] });
    flush();
    expect(run.step(1)?.finishedAt).toBe(AT);
    expect(run.apply({ run: 1, seq: 5, at: AT, changes: [{ step: 99, status: "READY" }] })).toBe(true);
  });

  test("a rerun clears the end, and steps that are gone are forgotten", () => {
    const run = model();
    run.load([step(1, { status: "FAILED", finishedAt: AT, attempt: 1 }), step(2)]);
    run.apply({ run: 1, seq: 2, at: AT, changes: [{ step: 1, status: "PENDING" }] });
    expect(run.step(1)?.finishedAt).toBeNull();
    run.load([step(2)]);
    flush();
    expect([run.step(1), run.steps.get("1"), run.all().length]).toEqual([undefined, undefined, 1]);
  });

  test("a fan-out is one status", () => {
    const steps = [step(1, { status: "SUCCESSFUL" }), step(2, { status: "RUNNING" }), step(3)];
    expect(statusOf(steps)).toMatchObject({ look: "running", done: 1, total: 3 });
    expect(statusOf([])).toMatchObject({ look: "pending", total: 1 });
  });
});

function file(text: string) {
  const bytes = new TextEncoder().encode(text);
  const reads: [number, number][] = [];
  const log = new LogFile(async (start, end) => {
    reads.push([start, end]);
    return bytes.slice(start, end);
  });
  return { log, size: bytes.length, reads };
}

const lines = (log: LogFile) => Array.from({ length: log.length }, (_, index) => log.line(index));

describe("a log", () => {
  test("a small one is read whole", async () => {
    const { log, size } = file("one\ntwo\nthree");
    await log.openTail(size);
    expect(lines(log)).toEqual(["one", "two", "three"]);
    expect([log.atStart, log.atEnd]).toEqual([true, true]);
    log.append(" and\nfour\n", size + 10);
    expect(lines(log)).toEqual(["one", "two", "three and", "four"]);
    await log.openTail(0);
    expect([log.length, log.atEnd]).toEqual([0, true]);
  });

  test("a large one opens at its end and is read upwards without a gap", async () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `line ${index} ü`).join("\n");
    const { log, size, reads } = file(text);
    await log.openTail(size);
    expect(log.line(log.length - 1)).toBe("line 59999 ü");
    expect(reads).toEqual([[size - PIECE, size]]);
    while (!log.atStart) await log.up();
    expect(lines(log)).toEqual(text.split("\n"));
  });

  test("from its beginning downwards too", async () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `row ${index}`).join("\n");
    const { log, size } = file(text);
    await log.openTail(size);
    await log.openHead();
    expect(log.line(0)).toBe("row 0");
    while (!log.atEnd) await log.down();
    expect(lines(log)).toEqual(text.split("\n"));
    expect(await log.down()).toBe(0);
  });

  test("it does not keep more than it may", async () => {
    const line = `${"x".repeat(1023)}\n`;
    const { log, size } = file(line.repeat((PIECE / 1024) * (MOST_PIECES + 6)));
    await log.openTail(size);
    await log.openHead();
    let gone = 0;
    while (!log.atEnd) gone += await log.down();
    expect(gone).toBeGreaterThan(0);
    expect(log.length).toBeLessThanOrEqual((PIECE / 1024) * MOST_PIECES);
  });

  test("a word is found anywhere, and round the end", async () => {
    const text = Array.from({ length: 150_000 }, (_, index) => `line ${index}`).join("\n");
    const { log, size } = file(text);
    await log.openTail(size);
    const quiet = new AbortController().signal;
    const first = await log.find("LINE 140001", 0, quiet);
    expect(log.line(await log.openAround(first ?? 0))).toBe("line 140001");
    expect(await log.find("line 17", (first ?? 0) + 1, quiet)).not.toBeNull();
    expect(await log.find("no such thing", 5, quiet)).toBeNull();
  });

  test("colours are tokens, markup is text", () => {
    expect(tokensOf("plain <b>x</b>")).toEqual([{ text: "plain <b>x</b>" }]);
    const tokens = tokensOf("\u001b[1;31mred\u001b[0m then");
    expect(tokens.map(({ text, colour, bold }) => [text, colour, bold])).toEqual([
      ["red", "red", true],
      [" then", undefined, false],
    ]);
    expect(tokensOf("y".repeat(9000))[0]?.text.length).toBeLessThan(4100);
  });
});

describe("time", () => {
  test.each([
    [35, "35ms"],
    [4200, "4.2s"],
    [62_000, "1m 02s"],
    [3_723_000, "1h 02m 03s"],
    [-1, "–"],
  ])("%i is %s", (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  test("rows stand as they began, and all of them fit", () => {
    const early = step(2, { startedAt: "2026-01-01T00:00:01Z", finishedAt: "2026-01-01T00:00:05Z" });
    const late = step(1, { startedAt: "2026-01-01T00:00:02Z" });
    expect(inOrder([step(3), late, early]).map((each) => each.id)).toEqual([2, 1, 3]);
    const run = {
      status: "RUNNING",
      startedAt: "2026-01-01T00:00:00Z",
      createdAt: AT,
      finishedAt: null,
    } as Run;
    const now = Date.parse("2026-01-01T00:01:00Z");
    expect(spanOf(run, [early, late], now)).toEqual({ from: Date.parse("2026-01-01T00:00:00Z"), to: now });
  });
});
