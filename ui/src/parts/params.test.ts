import { expect, test } from "vitest";
import { ApiError, type Problem } from "@/api/client";
import { byPath, elsewhere, paramsOf, valuesOf } from "./params";

const WORDS = { secret: "name of a secret", json: "JSON" };

test("parameters become one schema", () => {
  const spec = {
    target: "host",
    required: ["service"],
    params: { service: { type: "string", default: "nginx" }, key: { type: "string", secret: true } },
  };
  const found = paramsOf({ spec }, WORDS);
  expect(found.target).toBe("host");
  expect(found.schema.required).toEqual(["service"]);
  expect(found.schema.properties?.service).toEqual({ title: "service", type: "string", default: "nginx" });
  expect(found.schema.properties?.key).not.toHaveProperty("secret");
  expect(found.ui.key).toEqual({ "ui:placeholder": "name of a secret" });
});

test("a workflow without parameters asks for nothing", () => {
  expect(paramsOf(undefined, WORDS).schema.properties).toEqual({});
  expect(paramsOf({ spec: { params: null } }, WORDS).target).toBeNull();
});

test("complaints find their fields, and only what has none is told elsewhere", () => {
  const problem = (path: string, message: string) => ({ path, code: "x", message });
  const item = { type: "object", properties: { name: { type: "string" } } };
  const params = {
    batch: { type: "integer" },
    hosts: { type: "array", items: item },
    free: { type: "object" },
  };
  const { schema } = paramsOf({ spec: { params } }, WORDS);
  const fielded = [
    problem("params.batch", "too many"),
    problem("params.hosts[1].name", "missing"),
    problem("params.free.inside", "unknown"),
  ];
  const others = [problem("params.other", "no such"), problem("targets", "elsewhere")];
  expect(byPath([...fielded, ...others], schema)).toEqual({
    batch: { __errors: ["too many"] },
    hosts: { "1": { name: { __errors: ["missing"] } } },
    free: { __errors: ["unknown"] },
  });
  const refused = (problems: Problem[]) => new ApiError(422, "invalid", "It is not right.", problems, "t");
  expect(elsewhere(refused(fielded), schema)).toBeNull();
  expect(elsewhere(refused([...fielded, ...others]), schema)).toMatchObject({
    problems: others,
    traceId: "t",
  });
  expect(elsewhere(refused([]), schema)).toMatchObject({ message: "It is not right." });
  expect(elsewhere(null, schema)).toBeNull();
});

test("the bounds of a number are said, and left to the server to hold", () => {
  const number = { type: "integer", minimum: 1, maximum: 9 };
  const list = { type: "array", items: { type: "number", exclusiveMinimum: 0 } };
  const inner = { type: "object", properties: { port: number } };
  const params = {
    batch: number,
    rate: { type: "number", exclusiveMinimum: 0, description: "tons" },
    list,
    inner,
  };
  const { schema, ui } = paramsOf({ spec: { params } }, WORDS);
  expect(schema.properties).toEqual({
    batch: { title: "batch", type: "integer" },
    rate: { title: "rate", type: "number", description: "tons" },
    list: { title: "list", type: "array", items: { type: "number" } },
    inner: { title: "inner", type: "object", properties: { port: { type: "integer" } } },
  });
  expect(ui).toEqual({ batch: { "ui:description": "1 … 9" }, rate: { "ui:description": "tons · > 0" } });
});

test("what no fields can stand for is typed as JSON", () => {
  const item = { type: "object", properties: { name: { type: "string" } } };
  const drawn = {
    text: { type: ["string", "null"] },
    pick: { enum: ["a", 2] },
    items: { type: "array", items: item },
    inner: item,
  };
  const other = {
    free: { type: "object", description: "anything", default: { a: 1 } },
    any: {},
    list: { type: "array" },
    map: { type: "object", additionalProperties: { type: "string" } },
    one: { oneOf: [{ type: "string" }, { type: "integer" }] },
    both: { type: ["string", "integer"] },
    deep: { type: "object", properties: { inside: { type: "object" } } },
    fixed: { const: 5 },
    objects: { enum: [{ a: 1 }] },
  };
  const asked = paramsOf({ spec: { params: { ...drawn, ...other } } }, WORDS);
  expect(asked.json).toEqual(Object.keys(other));
  expect(asked.schema.properties?.free).toEqual({
    title: "free",
    type: "string",
    description: "anything",
    default: '{\n  "a": 1\n}',
  });
  expect(asked.ui.free).toMatchObject({ "ui:description": "anything · JSON", "ui:widget": "textarea" });
  const typed = { text: "5", free: '{"a": [1]}', any: " ", list: "[1", map: "{}" };
  expect(valuesOf(asked, typed)).toEqual({ params: { text: "5", free: { a: [1] }, map: {} }, bad: ["list"] });
});
