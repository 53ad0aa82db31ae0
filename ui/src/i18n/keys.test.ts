import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const HERE = join(process.cwd(), "src/i18n");
const named = (language: string) => readdirSync(join(HERE, language)).sort();

function keys(texts: object, before = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "object" ? keys(value as object, `${before}${key}.`) : [before + key],
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map((found) => found[1]).sort();

function leaf(texts: Record<string, unknown>, key: string): string {
  return String(
    key.split(".").reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], texts),
  );
}

test("both languages have the same files", () => {
  expect(named("zh-CN")).toEqual(named("en"));
});

test.each(named("en"))("%s has the same keys and values in both languages", (file) => {
  const [en, zh] = ["en", "zh-CN"].map((language) =>
    JSON.parse(readFileSync(join(HERE, language, file), "utf8")),
  );
  const plural = (key: string) => key.replace(/_(one|other)$/, "");
  const wanted = new Set(keys(en).map(plural));
  expect(new Set(keys(zh).map(plural))).toEqual(wanted);
  for (const key of keys(zh)) {
    expect(leaf(zh, key).trim(), key).not.toBe("");
    const twin = keys(en).find((each) => plural(each) === plural(key)) as string;
    expect(placeholders(leaf(zh, key)), key).toEqual(placeholders(leaf(en, twin)));
  }
});
