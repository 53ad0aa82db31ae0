import type { Run } from "@/api/shapes";

export interface Hour {
  label: string;
  succeeded: number;
  failed: number;
  open: number;
}

const HOUR = 3600_000;

/** The last 24 hours, the oldest first, each with the runs that were made in it. */
export function byHour(runs: Run[], now: number): Hour[] {
  const last = Math.floor(now / HOUR) * HOUR;
  const hours = Array.from({ length: 24 }, (_, i): Hour => {
    const at = new Date(last - (23 - i) * HOUR);
    return { label: `${String(at.getHours()).padStart(2, "0")}:00`, succeeded: 0, failed: 0, open: 0 };
  });
  for (const run of runs) {
    const hour = hours[23 - Math.floor((last + HOUR - 1 - Date.parse(run.createdAt)) / HOUR)];
    if (!hour) continue;
    if (run.status === "SUCCESSFUL") hour.succeeded += 1;
    else if (run.status === "RUNNING") hour.open += 1;
    else hour.failed += 1;
  }
  return hours;
}
