import { expect, test } from "vitest";
import { placeOf, sortProblems } from "./fields";

const problem = (path: string) => ({ path, code: "x", message: `about ${path}` });

test("a path becomes the parts of a field's name", () => {
  expect(placeOf("settings.to[0]")).toEqual(["settings", "to", 0]);
  expect(placeOf("name")).toEqual(["name"]);
  expect(placeOf("body.name")).toEqual(["name"]);
});

test("problems go to their field, the nearest one around it, or are left", () => {
  const has = (place: (string | number)[]) => ["name", "settings.to"].includes(place.join("."));
  const { fields, left } = sortProblems(
    [problem("name"), problem("settings.to[1]"), problem("settings.to[0]"), problem("other")],
    has,
  );
  expect(fields).toEqual([
    { name: ["name"], errors: ["about name"] },
    { name: ["settings", "to"], errors: ["about settings.to[1]", "about settings.to[0]"] },
  ]);
  expect(left.map((each) => each.path)).toEqual(["other"]);
});
