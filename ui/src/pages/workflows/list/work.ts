import { parse } from "yaml";
import { call, request } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { NotAWorkflow } from "./fault";

/** The draft as a YAML file. */
export async function download(name: string): Promise<void> {
  const response = await request("GET", workflowPath(name, "?format=yaml"));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.yaml`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Stores a definition file as a new workflow's draft; its name. A workflow of the name is left alone. */
export async function readFile(file: File): Promise<string> {
  const text = await file.text();
  const name = (parse(text) as { metadata?: { name?: unknown } } | null)?.metadata?.name;
  if (typeof name !== "string" || !name) throw new NotAWorkflow(file.name);
  await create(name, text);
  return name;
}

/** A new draft; refused where there is a workflow of the name already. */
export async function create(name: string, text: string): Promise<void> {
  await call("PUT", workflowPath(name), { text, headers: { "If-None-Match": "*" } });
}
