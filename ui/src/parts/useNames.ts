import { useQuery } from "@tanstack/react-query";
import { get } from "@/api/client";
import type { Page } from "@/api/shapes";

const MOST = 500; // nobody chooses among more

/** The names that a list has, to choose from; none where one may not see them. */
export function useNames(list: string): string[] {
  const found = useQuery({
    queryKey: [list, "names"],
    queryFn: ({ signal }) => get<Page<{ name: string }>>(`/${list}?size=${MOST}`, signal).catch(() => null),
    staleTime: 60_000,
  });
  return found.data?.items.map((each) => each.name) ?? [];
}
