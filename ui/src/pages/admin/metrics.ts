export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of a page in Prometheus' text format; comments and what cannot be read are left out. */
export function samplesOf(page: string): Sample[] {
  const found: Sample[] = [];
  for (const line of page.split("\n")) {
    const parts = line.startsWith("#") ? null : LINE.exec(line);
    const value = Number(parts?.[3]);
    if (!parts?.[1] || Number.isNaN(value)) continue;
    const labels = [...(parts[2] ?? "").matchAll(LABEL)].map(
      (each) => [each[1], each[2]] as [string, string],
    );
    found.push({ name: parts[1], labels: Object.fromEntries(labels), value });
  }
  return found;
}

/** The sum over all labels; null where there is no such metric. */
export function sumOf(samples: Sample[], name: string): number | null {
  const of = samples.filter((each) => each.name === name);
  return of.length ? of.reduce((sum, each) => sum + each.value, 0) : null;
}

/** Requests by their status: 2xx, 4xx, 5xx. */
export function requestsOf(samples: Sample[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { name, labels, value } of samples) {
    if (name !== "headrace_http_request_seconds_count") continue;
    const group = `${labels.status?.[0] ?? "?"}xx`;
    found[group] = (found[group] ?? 0) + value;
  }
  return found;
}
