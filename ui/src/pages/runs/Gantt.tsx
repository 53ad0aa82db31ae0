import { ZoomInOutlined, ZoomOutOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Button, Space, Tooltip } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "@/api/client";
import type { Page, Run, Step } from "@/api/shapes";
import { LookIcon } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import { useStatus, useVersion } from "@/graph/statusStore";
import { duration, took } from "@/parts/time";
import type { RunModel } from "./runModel";
import type { Attempt } from "./shapes";
import { useNow } from "./useRun";
import "./gantt.css";

const ROW = 28;
const TICKS = 6;
const LATE = 0.75; // of the time; from there on names stand before their bars
const SCALES = [1, 2, 4, 8, 16, 32, 64];

export interface Span {
  from: number;
  to: number;
}

interface GanttProps {
  run: Run;
  model: RunModel;
  selected: number | null;
  onSelect: (step: Step) => void;
}

/** The run along time: a row for each step in the order they began, each attempt a bar of its own. */
export function Gantt({ run, model, selected, onSelect }: GanttProps) {
  const { t } = useTranslation("runs");
  const version = useVersion(model.nodes);
  const now = useNow(run.status === "RUNNING");
  const [scale, setScale] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the steps
  const steps = useMemo(() => inOrder(model.all()), [model, version]);
  const span = useMemo(() => spanOf(run, steps, now), [run, steps, now]);
  const rows = useVirtualizer({
    count: steps.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const width = `${(SCALES[scale] ?? 1) * 100}%`;
  return (
    <section className="gantt" aria-label={t("tab.timeline")}>
      <div className="gantt-tools">
        <span>{t("gantt.span", { duration: duration(span.to - span.from) })}</span>
        <Space size={4}>
          <Tooltip title={t("gantt.out")}>
            <Button
              size="small"
              icon={<ZoomOutOutlined aria-hidden />}
              aria-label={t("gantt.out")}
              disabled={scale === 0}
              onClick={() => setScale(scale - 1)}
            />
          </Tooltip>
          <Tooltip title={t("gantt.in")}>
            <Button
              size="small"
              icon={<ZoomInOutlined aria-hidden />}
              aria-label={t("gantt.in")}
              disabled={scale === SCALES.length - 1}
              onClick={() => setScale(scale + 1)}
            />
          </Tooltip>
        </Space>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that keyboards can scroll it */}
      <div ref={frame} className="gantt-view" tabIndex={0}>
        <div className="gantt-sheet" style={{ width, height: rows.getTotalSize() + ROW }}>
          <div className="gantt-axis">
            {ticks(span).map((at) => (
              <span key={at} style={{ left: share(at, span) }}>
                {clock(at, span)}
              </span>
            ))}
          </div>
          {rows.getVirtualItems().map((row) => {
            const step = steps[row.index];
            return (
              step && (
                <Row
                  key={step.id}
                  {...{ step, span, now, model, onSelect }}
                  top={row.start + ROW}
                  chosen={step.id === selected}
                />
              )
            );
          })}
        </div>
      </div>
    </section>
  );
}

interface RowProps {
  step: Step;
  span: Span;
  now: number;
  top: number;
  chosen: boolean;
  model: RunModel;
  onSelect: (step: Step) => void;
}

function Row({ step: given, span, now, top, chosen, model, onSelect }: RowProps) {
  const { t } = useTranslation(["runs", "graph"]);
  const step = useStatus(model.steps, String(given.id)) ?? given;
  const look = lookOf(step);
  const name = step.parallelIdx >= 0 ? `${step.name} [${step.parallelIdx}]` : step.name;
  const bars = useBars(step, now);
  return (
    <button
      type="button"
      className={chosen ? "gantt-row gantt-chosen" : "gantt-row"}
      style={{ top, height: ROW }}
      aria-label={`${name}, ${t(`graph:look.${look}`)}, ${took(step.startedAt, step.finishedAt, now)}`}
      aria-pressed={chosen}
      onClick={() => onSelect(step)}
    >
      {bars.map((bar) => (
        <span
          key={bar.number}
          className={`gantt-bar look-${bar.look}`}
          title={t("gantt.attempt", { number: bar.number, duration: duration(bar.to - bar.from) })}
          style={{
            left: `min(${share(bar.from, span)}, 100% - 3px)`,
            width: `max(3px, ${part(bar.to - bar.from, span)})`,
          }}
        />
      ))}
      <span className="gantt-name" style={beside(bars[0], span)}>
        <LookIcon look={look} /> {name}
      </span>
    </button>
  );
}

/** Where the name stands: at the begin of the bar, on its left side where there would be no room. */
function beside(bar: Span | undefined, span: Span): React.CSSProperties {
  if (!bar) return { left: 0 };
  const late = bar.from - span.from > LATE * (span.to - span.from);
  return late ? { right: part(span.to - bar.from, span) } : { left: share(bar.from, span) };
}

interface Bar extends Span {
  number: number;
  look: ReturnType<typeof lookOf>;
}

/** A bar for each attempt; ended attempts are read only where there was more than one, and it is in view. */
function useBars(step: Step, now: number): Bar[] {
  const several = step.attempt > 1;
  const attempts = useQuery({
    queryKey: ["run", String(step.runId), "attempts", step.id, step.attempt],
    queryFn: ({ signal }) => get<Page<Attempt>>(`/runs/${step.runId}/steps/${step.id}/attempts`, signal),
    enabled: several,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    const current = whole(step, now);
    if (!several || !attempts.data) return current ? [current] : [];
    return attempts.data.items.flatMap((each) => {
      if (!each.startedAt) return [];
      const last = each.number === step.attempt;
      const end = last ? step.finishedAt : each.finishedAt;
      const to = end ? Date.parse(end) : now;
      return {
        number: each.number,
        from: Date.parse(each.startedAt),
        to,
        look: last ? lookOf(step) : lookOf(each),
      };
    });
  }, [step, now, several, attempts.data]);
}

function whole(step: Step, now: number): Bar | null {
  if (!step.startedAt) return null;
  const to = step.finishedAt ? Date.parse(step.finishedAt) : now;
  return { number: Math.max(1, step.attempt), from: Date.parse(step.startedAt), to, look: lookOf(step) };
}

/** As they began; those that have not begun stand at the end. */
export function inOrder(steps: Step[]): Step[] {
  const begin = (step: Step) => (step.startedAt ? Date.parse(step.startedAt) : Number.POSITIVE_INFINITY);
  return [...steps].sort((a, b) => begin(a) - begin(b) || a.id - b.id);
}

export function spanOf(run: Run, steps: readonly Step[], now: number): Span {
  let from = Date.parse(run.startedAt ?? run.createdAt);
  let to = run.finishedAt ? Date.parse(run.finishedAt) : from + 1;
  for (const step of steps) {
    if (!step.startedAt) continue;
    from = Math.min(from, Date.parse(step.startedAt));
    const open = run.status === "RUNNING" ? now : to;
    to = Math.max(to, step.finishedAt ? Date.parse(step.finishedAt) : open);
  }
  return { from, to: Math.max(to, from + 10) };
}

function share(at: number, span: Span): string {
  return part(at - span.from, span);
}

function part(length: number, span: Span): string {
  return `${((100 * length) / (span.to - span.from)).toFixed(4)}%`;
}

function ticks(span: Span): number[] {
  return Array.from({ length: TICKS }, (_, index) => span.from + ((span.to - span.from) * index) / TICKS);
}

function clock(at: number, span: Span): string {
  const time = new Date(at).toLocaleTimeString("en-GB");
  return span.to - span.from < 10_000 ? `+${duration(at - span.from)}` : time;
}
