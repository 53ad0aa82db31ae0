import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call, get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Json, Workflow } from "@/api/shapes";

export type Block = { [key: string]: Json };

export interface Draft {
  name: string;
  flow: Workflow | undefined;
  error: unknown;
  reload: () => void;
  /** The `spec` of the draft. */
  spec: Block;
  /** Stores the draft with one block of `spec` changed (undefined takes it away), and publishes it where asked.
   * Refused where somebody else has changed the draft since it was read. */
  save: (key: string, value: Json | undefined, publish: boolean) => Promise<void>;
}

/** A workflow's draft as a document, for the forms that change one block of it. */
export function useDraft(name: string): Draft {
  const client = useQueryClient();
  const path = workflowPath(name);
  const found = useQuery({
    queryKey: ["workflow", name, "head"],
    queryFn: ({ signal }) => get<Workflow>(path, signal),
  });
  const reload = () => {
    void client.invalidateQueries({ queryKey: ["workflow", name] });
    void client.invalidateQueries({ queryKey: ["workflows"] });
    void client.invalidateQueries({ queryKey: ["schedules"] });
  };
  const spec = (found.data?.document?.spec ?? {}) as Block;
  const save = async (key: string, value: Json | undefined, publish: boolean) => {
    const document = found.data?.document as Block;
    const { [key]: _, ...rest } = spec;
    const body = { ...document, spec: value === undefined ? rest : { ...rest, [key]: value } };
    const etag = `"${found.data?.etag}"`;
    await call("PUT", `${path}${publish ? "?publish=true" : ""}`, { body, etag });
    reload();
  };
  return { name, flow: found.data, error: found.error, reload, spec, save };
}
