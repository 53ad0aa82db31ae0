/** How a step or a run looks: one word for status, operation, wait and reason together. */

const LOOKS = [
  "failed",
  "timedOut",
  "canceled",
  "canceling",
  "running",
  "waiting",
  "ready",
  "paused",
  "pending",
  "broken",
  "rolledBack",
  "skipped",
  "successful",
  "bypassed",
] as const;
/** The order is the rank: of several steps of one node the first of these is shown. */
export type Look = (typeof LOOKS)[number];

interface Standing {
  status: string;
  operation?: string;
  wait?: string | null;
  reason?: string | null;
  paused?: boolean;
}

export function lookOf({ status, operation, wait, reason, paused }: Standing): Look {
  switch (status) {
    case "RUNNING":
      if (paused) return "paused";
      return wait ? "waiting" : "running";
    case "READY":
      return "ready";
    case "CANCELING":
      return "canceling";
    case "SUCCESSFUL":
      return operation === "SKIP" ? "skipped" : operation === "ROLLBACK" ? "rolledBack" : "successful";
    case "FAILED":
      if (reason === "timeout" || reason === "expired") return "timedOut";
      return reason === "canceled" ? "canceled" : "failed";
    case "EXPIRED":
      return "timedOut";
    case "CANCELED":
      return "canceled";
    case "BYPASSED":
      return reason === "broken" ? "broken" : "bypassed";
    default:
      return operation === "ROLLBACK" ? "rolledBack" : "pending";
  }
}

const RANK = new Map<Look, number>(LOOKS.map((look, index) => [look, index]));

/** The one that matters most. */
export function foremost(looks: Iterable<Look>): Look {
  let found: Look = "bypassed";
  for (const look of looks) if ((RANK.get(look) ?? 0) < (RANK.get(found) ?? 0)) found = look;
  return found;
}

/** Nothing more happens to it by itself. */
export function settled(look: Look): boolean {
  return !["running", "waiting", "ready", "canceling", "pending", "paused"].includes(look);
}

/** Fill colours, for canvases; pages take the same from `looks.css`. */
export const COLOURS: Record<"light" | "dark", Record<Look, string>> = {
  light: {
    pending: "#8c95a0",
    ready: "#5aa5ea",
    running: "#1677d2",
    waiting: "#0d7d8c",
    paused: "#6a5acd",
    canceling: "#a58bb5",
    canceled: "#9f26e1",
    failed: "#d9363e",
    timedOut: "#d48806",
    broken: "#3f3a24",
    rolledBack: "#5d7a99",
    skipped: "#7cb305",
    successful: "#389e0d",
    bypassed: "#bfc6ce",
  },
  dark: {
    pending: "#6c7681",
    ready: "#3f86c6",
    running: "#3c9ae8",
    waiting: "#2fa7b5",
    paused: "#8f82e8",
    canceling: "#a58bb5",
    canceled: "#b55cf0",
    failed: "#e8545b",
    timedOut: "#e8a33d",
    broken: "#c9c19a",
    rolledBack: "#7d9cbd",
    skipped: "#8fbf2f",
    successful: "#55b02e",
    bypassed: "#4d565f",
  },
};
