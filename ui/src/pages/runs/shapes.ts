import type { Json, Run, Step } from "@/api/shapes";

export interface RunDetail extends Run {
  /** The number of the last event that this state shows. */
  seq: number;
  verbs: string[];
  closing: string | null;
  deadline: string | null;
  parent: { run: number; step: number } | null;
}

export interface Vote {
  user: number;
  name: string;
  approved: boolean;
  comment: string;
  at: string;
}

export interface StepDetail extends Step {
  verbs: string[];
  inputs: { [key: string]: Json } | null;
  votes: Vote[];
  approvers: { role?: string; user?: string }[];
  approvals: string | number | null;
  cases: string[];
  children: number[];
  worker: string | null;
  due: string | null;
  dueAt: string | null;
}

export interface Attempt {
  number: number;
  operation: string;
  phase: string | null;
  status: string;
  worker: string | null;
  reason: string | null;
  message: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  logBytes: number;
}

export interface OperationRecord {
  id: number;
  verb: string;
  actor: string;
  status: string;
  startedAt: string;
  finishedAt: string | null;
}

/** One entry of an event: how a step, or the run as a whole, stands now. */
export interface Change {
  step?: number;
  run?: string;
  status?: Step["status"] | Run["status"];
  operation?: Step["operation"];
  phase?: string | null;
  wait?: string | null;
  reason?: string | null;
  message?: string | null;
  attempt?: number;
  progress?: number | null;
  paused?: boolean;
}

export interface ChangeEvent {
  run: number;
  seq: number;
  at: string;
  changes: Change[];
}
