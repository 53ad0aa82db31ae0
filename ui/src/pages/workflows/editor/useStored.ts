import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { ApiError, call, get, request } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Workflow } from "@/api/shapes";
import { blank } from "./document";

export interface Stored {
  text: string;
  /** null: nothing of this name is stored yet. */
  etag: string | null;
}

/** The draft as it is stored, as YAML, with the tag that an edit of it needs. */
export async function readStored(name: string): Promise<Stored> {
  try {
    const answer = await request("GET", workflowPath(name, "?format=yaml"));
    return { text: await answer.text(), etag: answer.headers.get("etag") };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { text: blank(name), etag: null };
    throw error;
  }
}

/** The stored draft of a workflow, and what can be done with it. */
export function useStored(name: string) {
  const client = useQueryClient();
  const first = useQuery({
    queryKey: ["workflow", name, "yaml"],
    queryFn: () => readStored(name),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const head = useQuery({
    queryKey: ["workflow", name, "head"],
    queryFn: ({ signal }) => get<Workflow>(workflowPath(name), signal).catch(gone),
    staleTime: 0,
  });
  const [saved, setSaved] = useState<Stored | null>(null);
  const stored = saved ?? first.data ?? null;
  const refresh = useCallback(() => {
    void client.invalidateQueries({ queryKey: ["workflow", name, "head"] });
    void client.invalidateQueries({ queryKey: ["workflows"] });
  }, [client, name]);

  const save = useMutation({
    mutationFn: async ({ text, etag }: { text: string; etag: string | null }) => {
      const answer = await call<Workflow>("PUT", workflowPath(name), { text, etag: etag ?? undefined });
      setSaved({ text, etag: answer.etag });
    },
    onSettled: refresh,
  });
  const act = useMutation({
    mutationFn: async (verb: "publish" | "offline") => {
      const answer = await call<Workflow>("POST", workflowPath(name, `/${verb}`), { body: {} });
      // A save just before this one may not have been shown yet: what it stored counts.
      setSaved((now) => {
        const kept = now ?? first.data;
        return answer.etag && kept ? { ...kept, etag: answer.etag } : now;
      });
    },
    onSettled: refresh,
  });
  return { stored, head: head.data ?? null, failure: first.error, save, act, adopt: setSaved };
}

function gone(error: unknown): null {
  if (error instanceof ApiError && error.status === 404) return null;
  throw error;
}
