/** What a document has at some place, as the fields of a form want it: undefined where it is something else. */
import type { Json } from "@/api/shapes";
import { isMapping } from "@/graph/model";
import type { Raw } from "./document";

export const asText = (value: Json | undefined) =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;
export const asNumber = (value: Json | undefined) => (typeof value === "number" ? value : undefined);
export const asFlag = (value: Json | undefined) => (typeof value === "boolean" ? value : undefined);
export const asTexts = (value: Json | undefined) => (Array.isArray(value) ? value.map(String) : undefined);
export const asMap = (value: unknown): Raw => (isMapping(value) ? (value as Raw) : {});
export const orNothing = (map: Raw): Raw | undefined => (Object.keys(map).length ? map : undefined);

/** A mapping with one key changed; undefined takes it away. */
export function withKey(map: Raw, key: string, value: Json | undefined): Raw {
  const { [key]: _, ...rest } = map;
  return value === undefined ? rest : { ...map, [key]: value };
}
