import { expect, test } from "vitest";
import { byPath, paramsOf } from "./params";

test("parameters become one schema", () => {
  const spec = {
    target: "host",
    required: ["service"],
    params: { service: { type: "string", default: "nginx" }, key: { type: "string", secret: true } },
  };
  const found = paramsOf({ spec });
  expect(found.target).toBe("host");
  expect(found.schema.required).toEqual(["service"]);
  expect(found.schema.properties?.service).toEqual({ title: "service", type: "string", default: "nginx" });
  expect(found.schema.properties?.key).not.toHaveProperty("secret");
});

test("a workflow without parameters asks for nothing", () => {
  expect(paramsOf(undefined).schema.properties).toEqual({});
  expect(paramsOf({ spec: { params: null } }).target).toBeNull();
});

test("complaints find their fields", () => {
  const problem = (path: string, message: string) => ({ path, code: "x", message });
  const found = byPath([
    problem("params.batch", "too many"),
    problem("params.hosts[1].name", "missing"),
    problem("targets", "elsewhere"),
  ]);
  expect(found).toEqual({
    batch: { __errors: ["too many"] },
    hosts: { "1": { name: { __errors: ["missing"] } } },
  });
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
  const { schema, ui } = paramsOf({ spec: { params } });
  expect(schema.properties).toEqual({
    batch: { title: "batch", type: "integer" },
    rate: { title: "rate", type: "number", description: "tons" },
    list: { title: "list", type: "array", items: { type: "number" } },
    inner: { title: "inner", type: "object", properties: { port: { type: "integer" } } },
  });
  expect(ui).toEqual({ batch: { "ui:description": "1 … 9" }, rate: { "ui:description": "tons · > 0" } });
});
