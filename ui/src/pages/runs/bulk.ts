/** One verb for many runs: first which of them it would hit, then what became of each. */
import { call, get } from "@/api/client";
import type { RunDetail } from "./shapes";
import { freshKey } from "./verbs";

export const AT_ONCE = 6;

export interface Candidate {
  run: RunDetail | null;
  id: number;
  legal: boolean;
}

export type Outcome = { id: number; error: unknown };

/** The chosen runs as they stand now, and whether the verb is legal for each. */
export async function candidates(ids: readonly number[], verb: string): Promise<Candidate[]> {
  return pooled(ids, async (id) => {
    const run = await get<RunDetail>(`/runs/${id}`).catch(() => null);
    return { id, run, legal: run?.verbs.includes(verb) ?? false };
  });
}

/** Carry the verb out, a few at a time; every run has its own end. */
export async function carryOut(
  ids: readonly number[],
  verb: string,
  told: (outcome: Outcome) => void,
): Promise<void> {
  await pooled(ids, async (id) => {
    const error = await call("POST", `/runs/${id}/${verb}`, { key: freshKey() }).then(
      () => null,
      (refused: unknown) => refused,
    );
    told({ id, error });
  });
}

/** `work` for each item, at most AT_ONCE at the same time; answers in the order of the items. */
export async function pooled<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}
