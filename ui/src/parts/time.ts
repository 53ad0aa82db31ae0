/** Instants and durations as people read them. */

export function instant(text: string | null | undefined, language: string): string {
  if (!text) return "–";
  return new Date(text).toLocaleString(language, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
}

/** `1h 02m 03s`, `4.2s`, `35ms`; milliseconds in. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0) return "–";
  if (milliseconds < 1000) return `${Math.round(milliseconds)}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${hours ? `${hours}h ` : ""}${hours ? two(minutes) : minutes}m ${two(whole % 60)}s`;
}

/** How long something took, or has taken up to now. */
export function took(from: string | null, to: string | null, now: number): string {
  if (!from) return "–";
  return duration((to ? Date.parse(to) : now) - Date.parse(from));
}
