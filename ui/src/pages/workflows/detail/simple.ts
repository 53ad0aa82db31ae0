// The simple form of a schedule, and its cron text. Five fields, so that weekdays count from Sunday as 0.

export type Period = "minute" | "hour" | "day" | "week" | "month";

export interface Simple {
  period: Period;
  every: number;
  minute: number;
  hour: number;
  weekdays: number[];
  day: number | "L";
}

export const USUAL: Simple = { period: "day", every: 1, minute: 0, hour: 2, weekdays: [1], day: 1 };

export function cronOf({ period, every, minute, hour, weekdays, day }: Simple): string {
  switch (period) {
    case "minute":
      return `*/${every} * * * *`;
    case "hour":
      return `${minute} */${every} * * *`;
    case "day":
      return `${minute} ${hour} * * *`;
    case "week":
      return `${minute} ${hour} * * ${[...weekdays].sort().join(",")}`;
    case "month":
      return `${minute} ${hour} ${day} * *`;
  }
}

const PATTERNS: [Period, RegExp][] = [
  ["minute", /^\*\/(?<every>\d+) \* \* \* \*$/],
  ["hour", /^(?<minute>\d+) \*\/(?<every>\d+) \* \* \*$/],
  ["day", /^(?<minute>\d+) (?<hour>\d+) \* \* \*$/],
  ["week", /^(?<minute>\d+) (?<hour>\d+) \* \* (?<weekdays>[0-6](,[0-6])*)$/],
  ["month", /^(?<minute>\d+) (?<hour>\d+) (?<day>\d+|L) \* \*$/],
];

/** The simple form of a cron text; null where it says more than the form can. */
export function simpleOf(cron: string): Simple | null {
  for (const [period, pattern] of PATTERNS) {
    const found = pattern.exec(cron.trim())?.groups;
    if (!found) continue;
    const number = (key: string, usual: number) => (found[key] === undefined ? usual : Number(found[key]));
    return {
      period,
      every: number("every", 1),
      minute: number("minute", 0),
      hour: number("hour", 0),
      weekdays: found.weekdays?.split(",").map(Number) ?? USUAL.weekdays,
      day: found.day === "L" ? "L" : number("day", 1),
    };
  }
  return null;
}
