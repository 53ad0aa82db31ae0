import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
import type { Session } from "./shapes";

/** Under which it is kept who is signed in. */
export const SESSION = ["session"];

/** The state of a way to the sign-in page that ends the session. */
export const LEAVING = "leaving";

/** Who is signed in; a 401 leads to the sign-in page by itself. */
export function useSession() {
  return useQuery({
    queryKey: SESSION,
    queryFn: ({ signal }) => get<Session>("/session", signal),
    staleTime: 60_000,
  });
}

/** Whether the signed-in person has a permission. */
export function useMay(permission: string): boolean {
  return useSession().data?.permissions.includes(permission) ?? false;
}

interface Providers {
  password: boolean;
  oidc: { name: string; label: string; url: string }[];
  problem: string | null;
}

/** The ways in, and what `problem` of the way tried before means. */
export function useProviders(problem: string | null = null) {
  return useQuery({
    queryKey: ["providers", problem],
    queryFn: () =>
      get<Providers>(`/sign-in/providers${problem ? `?problem=${encodeURIComponent(problem)}` : ""}`),
  });
}
