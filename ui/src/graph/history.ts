/** Undo and redo: whole states, the newest last. Changes of one kind in quick succession are one. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** What the last change was and when, to tell typing from separate changes. */
  mark?: { tag: string; at: number };
}

export const MOST = 100;
const TOGETHER = 800; // milliseconds

export function begun<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/** The state after a change; with a `tag`, changes of the same tag within a moment join. */
export function changed<T>(history: History<T>, present: T, tag?: string, now = Date.now()): History<T> {
  if (Object.is(present, history.present)) return history;
  const mark = tag ? { tag, at: now } : undefined;
  const joins = tag !== undefined && history.mark?.tag === tag && now - history.mark.at < TOGETHER;
  const past = joins ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present, future: [], mark };
}

export function undone<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return { past: history.past.slice(0, -1), present: last, future: [history.present, ...history.future] };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
