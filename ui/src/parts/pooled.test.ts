import { expect, test } from "vitest";
import { pooled } from "./pooled";

test("a few at a time, answers in order", async () => {
  let [busy, most] = [0, 0];
  const work = async (item: number) => {
    busy += 1;
    most = Math.max(most, busy);
    await Promise.resolve();
    busy -= 1;
    return item * 2;
  };
  expect(await pooled([1, 2, 3, 4, 5, 6, 7, 8, 9], work)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(most).toBe(6);
});
