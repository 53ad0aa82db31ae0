import { useNames } from "@/parts/useNames";

/** What there is to choose from; a list that one may not see is empty. */
export interface Known {
  executors: string[];
  workflows: string[];
  connections: string[];
  roles: string[];
  users: string[];
}

export function useKnown(): Known {
  return {
    executors: useNames("executors"),
    workflows: useNames("workflows"),
    connections: useNames("connections"),
    roles: useNames("roles"),
    users: useNames("users"),
  };
}
