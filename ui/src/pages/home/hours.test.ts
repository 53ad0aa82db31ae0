import { expect, test } from "vitest";
import type { Run } from "@/api/shapes";
import { byHour } from "./hours";

const NOW = Date.parse("2026-11-21T10:30:00Z");
const run = (createdAt: string, status: string) => ({ createdAt, status }) as Run;

test("runs fall into the hour they were made in", () => {
  const hours = byHour(
    [
      run("2026-11-21T10:00:00Z", "SUCCESSFUL"),
      run("2026-11-21T09:59:59Z", "FAILED"),
      run("2026-11-21T09:00:00Z", "CANCELED"),
      run("2026-11-20T11:00:00Z", "RUNNING"),
      run("2026-11-20T10:59:59Z", "RUNNING"),
    ],
    NOW,
  );
  expect(hours).toHaveLength(24);
  expect(hours[23]).toMatchObject({ succeeded: 1, failed: 0 });
  expect(hours[22]).toMatchObject({ failed: 2 });
  expect(hours[0]).toMatchObject({ open: 1 });
  expect(hours.reduce((sum, hour) => sum + hour.open, 0)).toBe(1);
});
