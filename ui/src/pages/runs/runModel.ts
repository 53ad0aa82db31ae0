/** The steps of one run as they change; what is drawn listens to single nodes and steps. */
import type { Step } from "@/api/shapes";
import { foremost, lookOf } from "@/graph/looks";
import { push } from "@/graph/model";
import type { NodeStatus } from "@/graph/NodeBox";
import { StatusStore } from "@/graph/statusStore";
import type { Change, ChangeEvent } from "./shapes";

const ENDED = new Set(["SUCCESSFUL", "FAILED", "BYPASSED"]);

export class RunModel {
  readonly nodes: StatusStore<NodeStatus>;
  readonly steps: StatusStore<Step>;
  private readonly now = new Map<number, Step>();
  private byNode = new Map<string, number[]>();

  constructor(frame?: (call: () => void) => void) {
    this.nodes = new StatusStore(frame);
    this.steps = new StatusStore(frame);
  }

  /** Every step anew, as the server has them. */
  load(steps: readonly Step[]): void {
    const gone = new Set(this.now.keys());
    this.now.clear();
    this.byNode = new Map();
    for (const step of steps) {
      gone.delete(step.id);
      this.now.set(step.id, step);
      push(this.byNode, step.node, step.id);
      this.steps.set(String(step.id), step);
    }
    for (const id of gone) this.steps.set(String(id), undefined);
    for (const node of this.byNode.keys()) this.show(node);
  }

  /** Take an event in; whether steps were named that are not known, so that all must be read again. */
  apply(event: ChangeEvent): boolean {
    const touched = new Set<string>();
    let unknown = false;
    for (const change of event.changes) {
      if (change.step === undefined) continue;
      const step = this.now.get(change.step);
      if (!step) {
        unknown = true;
        continue;
      }
      const next = changedStep(step, change, event.at);
      this.now.set(step.id, next);
      this.steps.set(String(step.id), next);
      touched.add(step.node);
    }
    for (const node of touched) this.show(node);
    return unknown;
  }

  step(id: number): Step | undefined {
    return this.now.get(id);
  }

  all(): Step[] {
    return [...this.now.values()];
  }

  stepsOf(node: string): Step[] {
    return (this.byNode.get(node) ?? []).flatMap((id) => this.now.get(id) ?? []);
  }

  private show(node: string): void {
    const status = statusOf(this.stepsOf(node));
    const shown = this.nodes.get(node);
    if (!shown || !same(shown, status)) this.nodes.set(node, status);
  }
}

/** What one box says about all the steps of its node. */
export function statusOf(steps: readonly Step[]): NodeStatus {
  const looks = steps.map(lookOf);
  const look = looks.length ? foremost(looks) : "pending";
  const first = steps[looks.indexOf(look)];
  return {
    look,
    wait: first?.wait ?? null,
    done: steps.filter((step) => ENDED.has(step.status)).length,
    total: steps.length || 1,
    progress: steps.length === 1 ? (first?.progress ?? null) : null,
    attempt: steps.length === 1 ? (first?.attempt ?? 0) : 0,
  };
}

function same(a: NodeStatus, b: NodeStatus): boolean {
  return (
    a.look === b.look &&
    a.wait === b.wait &&
    a.done === b.done &&
    a.total === b.total &&
    a.progress === b.progress &&
    a.attempt === b.attempt
  );
}

const KEYS = ["status", "operation", "phase", "wait", "reason", "message", "attempt", "progress"] as const;

/** The step after a change. Events carry no times of their own but when they happened. */
function changedStep(step: Step, change: Change, at: string): Step {
  const given = Object.fromEntries(KEYS.filter((key) => key in change).map((key) => [key, change[key]]));
  const next = { ...step, ...given } as Step;
  const begins = next.status === "RUNNING" || next.status === "READY";
  if (next.status !== step.status || next.attempt !== step.attempt) {
    if (begins) {
      next.startedAt = step.startedAt ?? at;
      next.finishedAt = null;
      next.progress = null;
    }
    if (next.status === "PENDING") next.finishedAt = null;
    if (next.status === "SUCCESSFUL" || next.status === "FAILED") next.finishedAt = at;
  }
  return next;
}
