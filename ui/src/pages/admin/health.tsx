import { ReloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { request } from "@/api/client";
import { ErrorNote } from "@/parts/Fault";
import { Pending } from "@/parts/Pending";
import { StateMark } from "@/parts/StateMark";
import { duration } from "@/parts/time";
import { requestsOf, type Sample, samplesOf, sumOf } from "./metrics";

const MEBI = 1024 * 1024;
const THOUSAND = 1000;

interface Ready {
  status: string;
  reasons: Record<string, string>;
}

/** Not through the API's prefix; an answer of 503 is an answer here, not a fault. */
async function readiness(signal: AbortSignal): Promise<Ready> {
  return (await fetch("/readyz", { signal })).json();
}

async function figures(signal: AbortSignal): Promise<Sample[]> {
  return samplesOf(await (await request("GET", "/metrics", { signal })).text());
}

/** Whether the server can serve, and how it does. */
export function Health() {
  const { t } = useTranslation("admin");
  const ready = useQuery({ queryKey: ["ready"], queryFn: ({ signal }) => readiness(signal) });
  const metrics = useQuery({ queryKey: ["metrics"], queryFn: ({ signal }) => figures(signal) });
  const again = () => {
    void ready.refetch();
    void metrics.refetch();
  };
  return (
    <>
      <p className="hint">{t("health.hint")}</p>
      <div className="list-tools">
        {ready.data && (
          <StateMark tone={ready.data.status === "ok" ? "good" : "bad"}>
            {t(ready.data.status === "ok" ? "health.ok" : "health.trouble")}
          </StateMark>
        )}
        <Button icon={<ReloadOutlined aria-hidden />} aria-label={t("health.again")} onClick={again} />
      </div>
      {ready.error && <ErrorNote error={ready.error} retry={again} />}
      {Object.entries(ready.data?.reasons ?? {}).map(([part, why]) => (
        <Alert key={part} type="error" showIcon title={`${part}: ${why}`} />
      ))}
      {metrics.isPending && <Pending />}
      {metrics.error && <ErrorNote error={metrics.error} retry={again} />}
      {metrics.data && <Figures of={metrics.data} />}
    </>
  );
}

function Figures({ of }: { of: Sample[] }) {
  const { t, i18n } = useTranslation("admin");
  const count = (value: number | null) =>
    value === null ? "–" : value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  const started = sumOf(of, "process_start_time_seconds");
  const memory = sumOf(of, "process_resident_memory_bytes");
  const requests = requestsOf(of);
  const shown: [string, string][] = [
    ["uptime", started === null ? "–" : duration(Date.now() - started * THOUSAND)],
    ["memory", memory === null ? "–" : `${count(memory / MEBI)} MiB`],
    ["cpu", `${count(sumOf(of, "process_cpu_seconds_total"))} s`],
    ["files", count(sumOf(of, "process_open_fds"))],
    ["inMemory", count(sumOf(of, "headrace_engine_runs_in_memory"))],
    ["ended", count(sumOf(of, "headrace_engine_runs_ended_total"))],
    ["inbox", count(sumOf(of, "headrace_engine_inbox"))],
    ["timers", count(sumOf(of, "headrace_engine_timers"))],
    ["commits", count(sumOf(of, "headrace_engine_commits_total"))],
    ["answered", count((requests["2xx"] ?? 0) + (requests["3xx"] ?? 0))],
    ["refused", count(requests["4xx"] ?? 0)],
    ["broken", count(requests["5xx"] ?? 0)],
  ];
  return (
    <dl className="figures">
      {shown.map(([key, value]) => (
        <div className="figure" key={key}>
          <dt>{t(`health.${key}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
