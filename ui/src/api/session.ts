import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
import type { Session } from "./shapes";

/** Who is signed in; a 401 leads to the sign-in page by itself. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => get<Session>("/session", signal),
    staleTime: 60_000,
  });
}

/** Whether the signed-in person has a permission. */
export function useMay(permission: string): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}
