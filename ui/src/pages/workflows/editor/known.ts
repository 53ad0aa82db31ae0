import { useQuery } from "@tanstack/react-query";
import { get } from "@/api/client";
import type { Page } from "@/api/shapes";

/** What there is to choose from; a list that one may not see is empty. */
export interface Known {
  executors: string[];
  workflows: string[];
  connections: string[];
  roles: string[];
  users: string[];
}

const MOST = 500;

function useNames(list: string): string[] {
  const found = useQuery({
    queryKey: ["names", list],
    queryFn: ({ signal }) => get<Page<{ name: string }>>(`/${list}?size=${MOST}`, signal).catch(() => null),
    staleTime: 60_000,
  });
  return found.data?.items.map((each) => each.name) ?? [];
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
