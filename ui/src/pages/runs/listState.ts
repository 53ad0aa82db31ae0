/** What a list of runs shows, as it stands in the address: it can be sent, kept and gone back to. */

export interface ListState {
  name: string;
  workflow: string;
  status: string[];
  trigger: string[];
  sort: string;
  page: number;
  size: number;
}

export const FIRST: ListState = {
  name: "",
  workflow: "",
  status: [],
  trigger: [],
  sort: "",
  page: 1,
  size: 20,
};
const SIZES = [10, 20, 50, 100];

export function readState(params: URLSearchParams): ListState {
  const size = Number(params.get("size"));
  return {
    name: params.get("name") ?? "",
    workflow: params.get("workflow") ?? "",
    status: params.getAll("status"),
    trigger: params.getAll("trigger"),
    sort: params.get("sort") ?? "",
    page: Math.max(1, Math.trunc(Number(params.get("page"))) || 1),
    size: SIZES.includes(size) ? size : FIRST.size,
  };
}

/** The address of a state; what is as at first is left out. */
export function writeState(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  for (const key of ["name", "workflow", "sort"] as const) if (state[key]) params.set(key, state[key]);
  for (const each of state.status) params.append("status", each);
  for (const each of state.trigger) params.append("trigger", each);
  if (state.page !== 1) params.set("page", String(state.page));
  if (state.size !== FIRST.size) params.set("size", String(state.size));
  return params;
}

/** A change of the filters goes back to the first page. */
export function withFilters(state: ListState, filters: Partial<ListState>): ListState {
  return { ...state, ...filters, page: 1 };
}
