/** A stream of server-sent events that stays open: it goes on where it was cut off. */
import { create } from "zustand";
import { get } from "./client";

/** How many streams are cut off now: what they keep current may be old. */
export const useCutOff = create(() => ({ count: 0 }));

const PATIENCE = 3_000; // milliseconds before a closed stream is opened again

interface Live {
  url: (lastId: string | null) => string;
  /** What to do with the events, by their kind. */
  on: Record<string, (data: string, id: string) => void>;
  /** Called when the connection comes back after it was lost. */
  onReturn?: () => void;
}

/** Listen until the answer is called. */
export function listen({ url, on, onReturn }: Live): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: string | null = null;
  let lost = false;
  const lose = (now: boolean) => {
    if (lost !== now) useCutOff.setState(({ count }) => ({ count: count + (now ? 1 : -1) }));
    lost = now;
  };
  const open = () => {
    source = new EventSource(url(last), { withCredentials: true });
    for (const [kind, take] of Object.entries(on)) {
      source.addEventListener(kind, (event) => {
        last = (event as MessageEvent<string>).lastEventId || last;
        take((event as MessageEvent<string>).data, last ?? "");
      });
    }
    source.onopen = () => {
      if (lost) onReturn?.();
      lose(false);
    };
    source.onerror = () => {
      lose(true);
      if (source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
      timer = setTimeout(open, PATIENCE);
      void get("/session").catch(() => undefined); // a stream does not say that the session has ended
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    lose(false);
  };
}
