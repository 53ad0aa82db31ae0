import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { get } from "@/api/client";
import { listen } from "@/api/live";
import type { Page, Step } from "@/api/shapes";
import { graphOf } from "@/graph/model";
import { RunModel } from "./runModel";
import type { ChangeEvent, RunDetail } from "./shapes";

const SOON = 400; // milliseconds: changes within this time are read together

/** One run: its head, its pinned graph, and its steps as they change. */
export function useRun(id: string) {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run has a model of its own
  const model = useMemo(() => new RunModel(), [id]);
  const [loaded, setLoaded] = useState<RunModel | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const key = useMemo(() => ["run", id], [id]);
  const run = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => get<RunDetail>(`/runs/${id}`, signal),
    staleTime: 0,
  });
  const definition = useQuery({
    queryKey: [...key, "definition"],
    queryFn: ({ signal }) => get<{ document: unknown }>(`/runs/${id}/definition`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const graph = useMemo(() => definition.data && graphOf(definition.data.document), [definition.data]);

  useEffect(() => {
    const follow = new Follower(id, model, (kind) => {
      void client.invalidateQueries({
        queryKey: kind === "run" ? key : [...key, "step"],
        exact: kind === "run",
      });
      if (kind === "run") void client.invalidateQueries({ queryKey: [...key, "operations"] });
    });
    follow.start().then(() => setLoaded(model), setFailure);
    return () => follow.stop();
  }, [id, model, client, key]);

  return {
    run,
    graph,
    model,
    ready: loaded === model,
    failure: failure ?? (run.data ? null : run.error) ?? (definition.data ? null : definition.error),
  };
}

/** Reads the steps, then keeps them current by the run's events. */
class Follower {
  private stopListening: (() => void) | undefined;
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private stopped = false;

  constructor(
    private readonly id: string,
    private readonly model: RunModel,
    private readonly changed: (kind: "run" | "step") => void,
  ) {}

  async start(): Promise<void> {
    const { seq } = await get<RunDetail>(`/runs/${this.id}`);
    await this.read();
    if (this.stopped) return;
    this.stopListening = listen({
      url: (last) => `/api/v1/runs/${this.id}/events?after=${last ?? seq}`,
      on: { change: (data) => this.take(JSON.parse(data) as ChangeEvent) },
      onReturn: () => this.soon("read", () => void this.read()),
    });
  }

  stop(): void {
    this.stopped = true;
    this.stopListening?.();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private async read(): Promise<void> {
    const steps = await get<Page<Step>>(`/runs/${this.id}/steps`);
    if (this.stopped) return;
    this.model.load(steps.items);
    this.model.nodes.flush();
    this.model.steps.flush();
  }

  private take(event: ChangeEvent): void {
    if (this.model.apply(event)) this.soon("read", () => void this.read());
    if (event.changes.some((change) => change.run !== undefined || change.status !== undefined))
      this.soon("run", () => this.changed("run"));
    this.soon("step", () => this.changed("step"));
  }

  private soon(what: string, act: () => void): void {
    if (this.timers.has(what)) return;
    const timer = setTimeout(() => {
      this.timers.delete(what);
      act();
    }, SOON);
    this.timers.set(what, timer);
  }
}

/** The time, told every second while something goes on; it stands still otherwise. */
export function useNow(going: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  const timer = useRef<ReturnType<typeof setInterval> | null>(null);
  useEffect(() => {
    if (!going) return;
    timer.current = setInterval(() => setNow(Date.now()), 1000);
    return () => {
      if (timer.current) clearInterval(timer.current);
    };
  }, [going]);
  return now;
}
