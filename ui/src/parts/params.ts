// From a workflow's parameters to a form, and from the server's complaints to its fields.
import type { ValidatorType } from "@rjsf/utils";
import { ApiError, type Problem } from "@/api/client";
import type { Json } from "@/api/shapes";

interface Schema {
  type: "object";
  properties?: Record<string, { [key: string]: Json }>;
  required?: string[];
}

export interface ParamsOf {
  schema: Schema;
  ui: Record<string, Record<string, string>>;
  /** Those that are typed as JSON, because no form can be drawn of their schemas. */
  json: string[];
  /** The type of the root target, where the workflow has one. */
  target: string | null;
}

/** What fields say, in the reader's language. */
export interface ParamWords {
  secret: string;
  json: string;
}

type Mapping = { [key: string]: Json };

function mapping(value: Json | undefined): Mapping {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** A JSON Schema of all parameters; long texts get several lines, secrets say that a name is wanted. */
export function paramsOf(document: Mapping | undefined, words: ParamWords): ParamsOf {
  const spec = mapping(document?.spec);
  const properties: Record<string, Mapping> = {};
  const ui: ParamsOf["ui"] = {};
  const json: string[] = [];
  for (const [name, given] of Object.entries(mapping(spec.params))) {
    const { secret, ...schema } = mapping(given);
    const drawn = isDrawn(schema);
    properties[name] = { title: name, ...(drawn ? unbounded(schema) : asText(schema)) };
    const reach = drawn ? reachOf(schema) : words.json;
    const about = [schema.description, reach].filter(Boolean).join(" · ");
    if (reach) ui[name] = { "ui:description": about };
    if (!drawn) json.push(name);
    if (secret === true) ui[name] = { ...ui[name], "ui:placeholder": words.secret };
    else if (!drawn || (schema.type === "string" && Number(schema.maxLength ?? 0) > 200))
      ui[name] = { ...ui[name], "ui:widget": "textarea", ...(drawn ? {} : { "ui:classNames": "mono" }) };
  }
  const required = Array.isArray(spec.required) ? spec.required.map(String) : [];
  return {
    schema: { type: "object", properties, required },
    ui,
    json,
    target: typeof spec.target === "string" ? spec.target : null,
  };
}

const PLAIN = new Set(["string", "integer", "number", "boolean"]);
const TWISTED = ["oneOf", "anyOf", "allOf", "if", "dependentSchemas", "dependencies", "patternProperties"];

/** Whether fields can stand for every value that a schema allows. */
function isDrawn(schema: Mapping): boolean {
  if (TWISTED.some((key) => key in schema)) return false;
  if (Array.isArray(schema.enum))
    return schema.enum.every((each) => each === null || typeof each !== "object");
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  const type = types.length === 1 ? String(types[0]) : "";
  if (type === "array") return !("prefixItems" in schema) && isDrawn(mapping(schema.items));
  if (type !== "object") return PLAIN.has(type);
  const inner = Object.values(mapping(schema.properties));
  return inner.length > 0 && !schema.additionalProperties && inner.every((each) => isDrawn(mapping(each)));
}

/** As a text that is JSON. */
function asText({ description, default: preset }: Mapping): Mapping {
  return {
    type: "string",
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: JSON.stringify(preset, null, 2) }),
  };
}

/** The values to send, and the names whose texts are no JSON. */
export function valuesOf({ json }: ParamsOf, typed: Mapping): { params: Mapping; bad: string[] } {
  const params: Mapping = {};
  const bad: string[] = [];
  for (const [name, value] of Object.entries(typed)) {
    if (!json.includes(name)) params[name] = value;
    else if (typeof value === "string" && value.trim()) {
      try {
        params[name] = JSON.parse(value) as Json;
      } catch {
        bad.push(name);
      }
    }
  }
  return { params, bad };
}

const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/** Without the bounds of numbers: a field that knows them puts another number in place of the one that was
 * typed, and says nothing. The server says it. */
function unbounded(schema: Mapping): Mapping {
  const kept = Object.entries(schema).filter(([key]) => !BOUNDS.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === "items") return [key, Array.isArray(value) ? value : unbounded(mapping(value))];
      if (key !== "properties") return [key, value];
      const inner = Object.entries(mapping(value));
      return [key, Object.fromEntries(inner.map(([name, each]) => [name, unbounded(mapping(each))]))];
    }),
  );
}

/** The numbers that are allowed, as signs that every language reads; empty where there are no bounds. */
function reachOf(schema: Mapping): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === "number" && typeof maximum === "number") return `${minimum} … ${maximum}`;
  const ends: [string, Json | undefined][] = [
    ["≥", minimum],
    [">", exclusiveMinimum],
    ["≤", maximum],
    ["<", exclusiveMaximum],
  ];
  return ends.flatMap(([sign, end]) => (typeof end === "number" ? [`${sign} ${end}`] : [])).join(", ");
}

interface Errors {
  __errors?: string[];
  [field: string]: Errors | string[] | undefined;
}

/** `params.batch` and `params.hosts[0].name` as the form nests them: at the field, or at the nearest around it. */
export function byPath(problems: Problem[], schema: Schema): Errors {
  const root: Errors = {};
  for (const problem of problems) {
    let place = root;
    for (const part of fieldOf(problem, schema)) {
      place[part] ??= {};
      place = place[part] as Errors;
    }
    if (place !== root) place.__errors = [...(place.__errors ?? []), problem.message];
  }
  return root;
}

/** What has no field in the form, to be told above its buttons; null where every problem has one. */
export function elsewhere(error: unknown, schema: Schema): unknown {
  if (!(error instanceof ApiError) || !error.problems.length) return error;
  const left = error.problems.filter((problem) => !fieldOf(problem, schema).length);
  return left.length ? new ApiError(error.status, error.code, error.message, left, error.traceId) : null;
}

/** The way to the field a problem is about; empty where the form has none. */
function fieldOf(problem: Problem, schema: Schema): string[] {
  const [root, ...parts] = problem.path.replace(/\[(\d+)\]/g, ".$1").split(".");
  const found: string[] = [];
  let around: Mapping | undefined = root === "params" ? { ...schema } : undefined;
  for (const part of parts) {
    const inner: Json | undefined = mapping(around?.properties)[part] ?? around?.items;
    if (inner === undefined) break;
    around = mapping(inner);
    found.push(part);
  }
  return found;
}

/**
 * Checks nothing: the server checks, and says what is wrong in the reader's language. The usual validator
 * compiles schemas to code, which the pages' security policy forbids.
 */
export const unchecked: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: () => true,
  rawValidation: () => ({ errors: [] }),
};
