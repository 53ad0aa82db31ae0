import { expect, test } from "vitest";
import { readState, withChanges } from "./address";

const OFFERED = { filters: { status: ["FAILED", "RUNNING"], trigger: ["API"] }, sorts: ["id"] };
const read = (text: string) => readState(new URLSearchParams(text), "name", OFFERED);
const changed = (text: string, changes: Record<string, string | string[]>) =>
  withChanges(new URLSearchParams(text), changes).toString();

test("a list is what its address says", () => {
  expect(read("name=x+y&status=FAILED&status=RUNNING&sort=id,asc&page=3&size=50")).toEqual({
    search: "x y",
    sort: "id,asc",
    filters: { status: ["FAILED", "RUNNING"], trigger: [] },
    page: 3,
    size: 50,
  });
  const first = { search: "", sort: "", filters: { status: [], trigger: [] }, page: 1, size: 20 };
  expect(read("")).toEqual(first);
  expect(read("page=-4&size=7&status=NONE&trigger=FAILED&sort=took,asc")).toEqual(first);
});

test("a change leads back to the first page and leaves the rest as it is", () => {
  expect(changed("tab=runs&page=3&name=x", { name: "y" })).toBe("tab=runs&name=y");
  expect(changed("status=FAILED&sort=id,asc", { status: ["RUNNING", "FAILED"], sort: "" })).toBe(
    "status=RUNNING&status=FAILED",
  );
  expect(changed("name=x", { page: "2" })).toBe("name=x&page=2");
});
