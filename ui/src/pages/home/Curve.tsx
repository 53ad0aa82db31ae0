import { useQuery } from "@tanstack/react-query";
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import type { Run } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { Pending } from "@/parts/Pending";
import { useMode } from "@/theme/mode";
import { byHour, type Hour } from "./hours";

echarts.use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const DAY = 24 * 3600_000;
const MOST = 2_000; // runs; a busier day is shown as far as they reach

/** Runs of the last 24 hours by the hour they were made in, and how they ended. */
export function Curve() {
  const found = useQuery({ queryKey: ["runs", "day"], queryFn: () => ofLastDay(), refetchInterval: 60_000 });
  if (found.isPending) return <Pending />;
  if (found.error && !found.data) return <ErrorNote error={found.error} />;
  return <Chart hours={byHour(found.data, Date.now())} />;
}

/** Newest first, page by page, until a run is older than a day. */
async function ofLastDay(): Promise<Run[]> {
  const since = Date.now() - DAY;
  const runs: Run[] = [];
  let cursor: string | null = null;
  while (runs.length < MOST) {
    const at: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page: { items: Run[]; next: string | null } = await get(`/runs?limit=500${at}`);
    const young = page.items.filter((run) => Date.parse(run.createdAt) >= since);
    runs.push(...young);
    cursor = page.next;
    if (!cursor || young.length < page.items.length) break;
  }
  return runs;
}

function Chart({ hours }: { hours: Hour[] }) {
  const { t } = useTranslation("home");
  const dark = useMode((store) => store.dark);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chart = echarts.init(place.current as HTMLElement, undefined, { renderer: "svg" });
    const ink = dark ? "#a9b3bf" : "#5b6470";
    const line = dark ? "#2b333d" : "#dfe4ea";
    const series = (["succeeded", "failed", "open"] as const).map((key, i) => ({
      name: t(`curve.${key}`),
      type: "line" as const,
      smooth: true,
      smoothMonotone: "x" as const, // never below nothing
      symbol: ["circle", "triangle", "rect"][i],
      symbolSize: 7,
      data: hours.map((hour) => hour[key]),
      color: (dark ? ["#4fc36b", "#ff7875", "#5aa9ff"] : ["#2b8a3e", "#cf1322", "#0b5cad"])[i],
    }));
    chart.setOption({
      textStyle: { color: ink },
      grid: { left: 36, right: 16, top: 34, bottom: 26 },
      legend: { top: 0, textStyle: { color: ink } },
      tooltip: { trigger: "axis" },
      xAxis: {
        type: "category",
        data: hours.map((hour) => hour.label),
        axisLine: { lineStyle: { color: line } },
        axisLabel: { color: ink },
      },
      yAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: { color: ink },
        splitLine: { lineStyle: { color: line } },
      },
      series,
    });
    const fit = new ResizeObserver(() => chart.resize());
    fit.observe(place.current as HTMLElement);
    return () => {
      fit.disconnect();
      chart.dispose();
    };
  }, [hours, dark, t]);
  const total = hours.reduce((sum, hour) => sum + hour.succeeded + hour.failed + hour.open, 0);
  return (
    <div ref={place} role="img" aria-label={t("curve.about", { count: total })} style={{ height: 220 }} />
  );
}
