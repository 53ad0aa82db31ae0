/** What a list shows, as it stands in the address: it can be sent, kept and gone back to. */

export const SIZES = [10, 20, 50, 100];
export const USUAL = 20;

export interface ListState {
  search: string;
  /** A column and its direction: `createdAt,desc`; empty for the order that the server prefers. */
  sort: string;
  /** The chosen values of each column that has a choice. */
  filters: Record<string, string[]>;
  page: number;
  size: number;
}

/** What the columns of a list let people choose: values to filter by, and keys to sort by. */
export interface Offered {
  filters: Record<string, readonly string[]>;
  sorts: readonly string[];
}

/** The state of a list; what it does not offer counts for nothing. */
export function readState(params: URLSearchParams, searchAs: string, offered: Offered): ListState {
  const size = Number(params.get("size"));
  const sort = params.get("sort") ?? "";
  const chosen = Object.entries(offered.filters).map(([key, values]) => [
    key,
    params.getAll(key).filter((value) => values.includes(value)),
  ]);
  return {
    search: params.get(searchAs) ?? "",
    sort: offered.sorts.includes(sort.replace(/,(asc|desc)$/, "")) ? sort : "",
    filters: Object.fromEntries(chosen),
    page: Math.max(1, Math.trunc(Number(params.get("page"))) || 1),
    size: SIZES.includes(size) ? size : USUAL,
  };
}

/** The address after a change; what is empty is left out, and without a `page` it is the first one. */
export function withChanges(
  params: URLSearchParams,
  changes: Record<string, string | readonly string[]>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete("page");
  for (const [key, value] of Object.entries(changes)) {
    next.delete(key);
    for (const each of [value].flat()) if (each) next.append(key, each);
  }
  return next;
}
