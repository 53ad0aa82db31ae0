/**
 * Statuses by key, apart from the structure: whoever draws one node listens to that node alone. Changes are
 * collected and told once per animation frame.
 */
import { useEffect, useState, useSyncExternalStore } from "react";

const CALM = 250; // milliseconds between two looks at everything

type Listener = () => void;
type Frame = (call: () => void) => void;

const nextFrame: Frame = (call) => {
  // A page in the background draws no frames, and its figures should still be right.
  if (typeof requestAnimationFrame === "undefined" || document.hidden) setTimeout(call, 50);
  else requestAnimationFrame(call);
};

export class StatusStore<T> {
  private readonly values = new Map<string, T>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly everyone = new Set<Listener>();
  private pending = new Map<string, T | undefined>();
  private asked = false;
  /** Grows with every frame in which something changed. */
  version = 0;

  constructor(private readonly frame: Frame = nextFrame) {}

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  entries(): IterableIterator<[string, T]> {
    return this.values.entries();
  }

  /** Show this from the next frame on; undefined forgets the key. */
  set(key: string, value: T | undefined): void {
    this.pending.set(key, value);
    if (this.asked) return;
    this.asked = true;
    this.frame(() => this.flush());
  }

  /** Show all that was set, now. */
  flush(): void {
    this.asked = false;
    const changes = this.pending;
    if (changes.size === 0) return;
    this.pending = new Map();
    for (const [key, value] of changes) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
    }
    this.version += 1;
    for (const key of changes.keys()) for (const each of this.listeners.get(key) ?? []) each();
    for (const each of this.everyone) each();
  }

  subscribe(key: string, listener: Listener): () => void {
    const own = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, own);
    own.add(listener);
    return () => {
      own.delete(listener);
      if (own.size === 0) this.listeners.delete(key);
    };
  }

  subscribeAll(listener: Listener): () => void {
    this.everyone.add(listener);
    return () => this.everyone.delete(listener);
  }
}

/** One key's status; the component is drawn again only when it changes. */
export function useStatus<T>(store: StatusStore<T>, key: string): T | undefined {
  return useSyncExternalStore(
    (listener) => store.subscribe(key, listener),
    () => store.get(key),
  );
}

/** For what shows all of them: a number that grows when something changed, a few times a second at most. */
export function useVersion<T>(store: StatusStore<T>): number {
  const [version, setVersion] = useState(store.version);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const told = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion(store.version);
      }, CALM);
    };
    setVersion(store.version);
    const stop = store.subscribeAll(told);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store]);
  return version;
}
