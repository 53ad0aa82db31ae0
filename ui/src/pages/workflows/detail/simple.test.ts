import { expect, test } from "vitest";
import { cronOf, type Simple, simpleOf, USUAL } from "./simple";

const FORMS: [Partial<Simple>, string][] = [
  [{ period: "minute", every: 15 }, "*/15 * * * *"],
  [{ period: "hour", every: 6, minute: 30 }, "30 */6 * * *"],
  [{ period: "day", hour: 9, minute: 5 }, "5 9 * * *"],
  [{ period: "week", hour: 9, minute: 0, weekdays: [5, 1] }, "0 9 * * 1,5"],
  [{ period: "month", hour: 0, minute: 0, day: 31 }, "0 0 31 * *"],
  [{ period: "month", hour: 0, minute: 0, day: "L" }, "0 0 L * *"],
];

test.each(FORMS)("%o is %s, and back", (form, cron) => {
  expect(cronOf({ ...USUAL, ...form })).toBe(cron);
  const again = simpleOf(cron) as Simple;
  expect(cronOf(again)).toBe(cron);
  expect(again.period).toBe(form.period);
});

test.each(["0 0 1,15 * *", "0 0 * * MON", "0 0 9 ? * 2", "", "* * * * *"])(
  "%s is more than the form says",
  (cron) => {
    expect(simpleOf(cron)).toBeNull();
  },
);
