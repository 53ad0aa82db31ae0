import type { Json } from "@/api/shapes";

export interface Change {
  path: string;
  before: string | null;
  after: string | null;
}

/** What differs between two states, leaf by leaf; a leaf that is only in one of them is null in the other. */
export function changesOf(before: Json, after: Json): Change[] {
  const [old, now] = [leaves(before), leaves(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths
    .map((path) => ({ path, before: old.get(path) ?? null, after: now.get(path) ?? null }))
    .filter((each) => each.before !== each.after);
}

function leaves(value: Json, path = "", found = new Map<string, string>()): Map<string, string> {
  if (value === null || typeof value !== "object") {
    if (value !== null || path) found.set(path, typeof value === "string" ? value : JSON.stringify(value));
    return found;
  }
  const entries = Array.isArray(value)
    ? value.map((each, i) => [`${path}[${i}]`, each] as const)
    : Object.entries(value).map(([key, each]) => [path ? `${path}.${key}` : key, each] as const);
  if (!entries.length && path) found.set(path, Array.isArray(value) ? "[]" : "{}");
  for (const [inside, each] of entries) leaves(each, inside, found);
  return found;
}
