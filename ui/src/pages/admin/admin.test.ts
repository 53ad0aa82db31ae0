import { expect, test } from "vitest";
import { changesOf } from "./changes";
import { requestsOf, samplesOf, sumOf } from "./metrics";
import { stateOf } from "./tokens";
import { changeOf } from "./userForm";

test("changes are named leaf by leaf", () => {
  const before = { name: "a", roles: ["x", "y"], gone: true, same: 1, deep: { b: null } };
  const after = { name: "b", roles: ["x"], same: 1, deep: { b: 2 }, empty: {} };
  expect(changesOf(before, after)).toEqual([
    { path: "name", before: "a", after: "b" },
    { path: "roles[1]", before: "y", after: null },
    { path: "gone", before: "true", after: null },
    { path: "deep.b", before: "null", after: "2" },
    { path: "empty", before: null, after: "{}" },
  ]);
});

test("what is new or gone has one side only", () => {
  expect(changesOf(null, { a: 1 })).toEqual([{ path: "a", before: null, after: "1" }]);
  expect(changesOf({ a: "x" }, null)).toEqual([{ path: "a", before: "x", after: null }]);
  expect(changesOf(null, null)).toEqual([]);
});

const PAGE = `# HELP x y
headrace_engine_inbox 3.0
headrace_http_request_seconds_count{method="GET",route="/a\\"b",status="200"} 2.0
headrace_http_request_seconds_count{method="GET",route="/c",status="204"} 3.0
headrace_http_request_seconds_count{method="GET",route="/d",status="404"} 4
broken line here
`;

test("metrics are read and summed", () => {
  const samples = samplesOf(PAGE);
  expect(samples).toHaveLength(4);
  expect(samples[1]?.labels).toEqual({ method: "GET", route: '/a\\"b', status: "200" });
  expect(sumOf(samples, "headrace_engine_inbox")).toBe(3);
  expect(sumOf(samples, "unknown")).toBeNull();
  expect(requestsOf(samples)).toEqual({ "2xx": 5, "4xx": 4 });
});

test("a token is valid, expired or revoked", () => {
  const at = (text: string) => Date.parse(text);
  const expires = { expiresAt: "2026-01-02T00:00:00Z", revokedAt: null };
  expect(stateOf(expires, at("2026-01-01T00:00:00Z"))).toBe("valid");
  expect(stateOf(expires, at("2026-01-02T00:00:00Z"))).toBe("expired");
  expect(stateOf({ ...expires, revokedAt: "2026-01-01T00:00:00Z" }, 0)).toBe("revoked");
  expect(stateOf({ expiresAt: null, revokedAt: null }, 0)).toBe("valid");
});

test("only what was changed of a user is sent", () => {
  const old = { id: 1, name: "li", email: "li@example.org", disabled: false, roles: ["viewer"] };
  expect(changeOf(old, { name: "li", email: "li@example.org", roles: ["viewer"] })).toEqual({});
  expect(changeOf(old, { name: "li", email: "", displayName: "Li", roles: ["editor"] })).toEqual({
    displayName: "Li",
    email: "",
    roles: ["editor"],
  });
  expect(changeOf(null, { name: "li", password: "long enough", roles: ["viewer"] })).toEqual({
    password: "long enough",
    roles: ["viewer"],
  });
});
