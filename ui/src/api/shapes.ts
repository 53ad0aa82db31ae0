// The stable shapes of the native API (docs/guides/api.md), as far as pages use them.

type RunStatus = "RUNNING" | "FAILED" | "SUCCESSFUL" | "CANCELED" | "EXPIRED";
type StepStatus = "PENDING" | "READY" | "RUNNING" | "CANCELING" | "SUCCESSFUL" | "FAILED" | "BYPASSED";
type Operation = "EXECUTE" | "RETRY" | "SKIP" | "CANCEL" | "ROLLBACK" | "DELETE";
type Trigger = "MANUAL" | "SCHEDULED" | "INVOKED" | "API" | "SYS_ONCE" | "SYS_SCHEDULED";
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Page<T> {
  items: T[];
  page: number;
  size: number;
  total: number;
}

export interface Run {
  id: number;
  workflow: string;
  version: number;
  status: RunStatus;
  operation: Operation;
  paused: boolean;
  /** What people are asked for, where nothing else of it goes on. */
  wait: string | null;
  mock: boolean;
  debug: boolean;
  params: Record<string, Json>;
  targets: { type: string; id: number; name: string }[];
  creator: { id: number; name: string };
  trigger: Trigger;
  createdAt: string;
  plannedAt: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  message: string | null;
  verbs?: string[];
}

export interface Step {
  id: number;
  runId: number;
  node: string;
  name: string;
  kind: string;
  executor: string | null;
  status: StepStatus;
  operation: Operation;
  phase: string | null;
  wait: string | null;
  reason: string | null;
  message: string | null;
  progress: number | null;
  attempt: number;
  parallelIdx: number;
  upstreams: number[];
  downstreams: number[];
  outputs: Json;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  verbs?: string[];
}

export interface Workflow {
  id: number;
  name: string;
  remark: string;
  published: number | null;
  latest: number;
  etag: string;
  createdAt: string;
  updatedAt: string;
  updatedBy: string;
  nextAt?: string | null;
  document?: { [key: string]: Json };
}

export interface Session {
  user: { id: number; name: string; displayName?: string | null; email?: string | null; roles: string[] };
  tenant: string;
  permissions: string[];
  expiresAt: string;
}
