import { DownloadOutlined, VerticalAlignBottomOutlined, VerticalAlignTopOutlined } from "@ant-design/icons";
import { Button, Checkbox, Space, Spin, Tooltip } from "antd";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, request } from "@/api/client";
import { listen } from "@/api/live";
import { ErrorNote } from "@/parts/Fault";
import { SearchField } from "@/parts/SearchField";
import { tokensOf } from "./ansi";
import { LogFile } from "./logFile";
import "./log.css";

const LINE = 19; // pixels
const NEAR = 30; // lines from an edge at which the next piece is asked for

interface LogViewerProps {
  run: number;
  step: number;
  attempt: number;
  /** Whether the attempt is still at work. */
  live: boolean;
}

/** The output of an attempt: opened at its end whatever its size, followed while it is written, searched. */
export function LogViewer({ run, step, attempt, live }: LogViewerProps) {
  const path = `/runs/${run}/steps/${step}/attempts/${attempt}/log`;
  const { t } = useTranslation("runs");
  const log = useLog(path, live);
  const view = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(300);
  const [sticky, setSticky] = useState(true);
  const [hit, setHit] = useState<number | null>(null);
  const { file } = log;
  const count = file.length;

  useEffect(() => {
    const frame = view.current;
    if (!frame) return;
    const watch = new ResizeObserver(() => setHeight(frame.clientHeight));
    watch.observe(frame);
    return () => watch.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (sticky && log.version >= 0 && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [sticky, log.version]);

  const goTo = useCallback((index: number) => {
    setSticky(false);
    setHit(index);
    requestAnimationFrame(() => {
      if (view.current) view.current.scrollTop = Math.max(0, index * LINE - view.current.clientHeight / 2);
    });
  }, []);

  const scrolled = () => {
    const frame = view.current;
    if (!frame) return;
    setTop(frame.scrollTop);
    const below = frame.scrollHeight - frame.scrollTop - frame.clientHeight;
    setSticky(file.atEnd && below < LINE * 2);
    if (frame.scrollTop < NEAR * LINE && !file.atStart)
      void log.up().then((added) => {
        if (added) frame.scrollTop += added * LINE;
      });
    else if (below < NEAR * LINE && !file.atEnd)
      void log.down().then((gone) => {
        if (gone) frame.scrollTop -= gone * LINE;
      });
  };
  const first = Math.max(0, Math.floor(top / LINE) - 10);
  const last = Math.min(count, Math.ceil((top + height) / LINE) + 10);
  return (
    <section className="log" aria-label={t("log.title")}>
      <div className="log-tools">
        <Search log={log} onHit={goTo} />
        <Space size={4}>
          <Tooltip title={t("log.top")}>
            <Button
              size="small"
              icon={<VerticalAlignTopOutlined aria-hidden />}
              aria-label={t("log.top")}
              onClick={() => void log.head().then(() => goTo(0))}
            />
          </Tooltip>
          <Tooltip title={t("log.bottom")}>
            <Button
              size="small"
              icon={<VerticalAlignBottomOutlined aria-hidden />}
              aria-label={t("log.bottom")}
              onClick={() => void log.tail().then(() => setSticky(true))}
            />
          </Tooltip>
          <Checkbox checked={sticky} onChange={(event) => setSticky(event.target.checked)}>
            {t("log.follow")}
          </Checkbox>
          <Tooltip title={t("log.download")}>
            <Button
              size="small"
              icon={<DownloadOutlined aria-hidden />}
              aria-label={t("log.download")}
              href={`/api/v1${path}?download=true`}
            />
          </Tooltip>
        </Space>
      </div>
      {log.failure ? <ErrorNote error={log.failure} retry={() => void log.tail()} /> : null}
      <div
        ref={view}
        className="log-view"
        onScroll={scrolled}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: so that keyboards can scroll it
        tabIndex={0}
        role="log"
        aria-label={t("log.title")}
        aria-live="off"
      >
        {log.opening && <Spin size="small" />}
        {!log.opening && count === 0 && (
          <p className="log-empty">{live ? t("log.nothingYet") : t("log.nothing")}</p>
        )}
        <div style={{ height: count * LINE, position: "relative" }}>
          <div className="log-lines" style={{ transform: `translateY(${first * LINE}px)` }}>
            {Array.from({ length: Math.max(0, last - first) }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the file
              <Line key={first + index} text={file.line(first + index)} marked={hit === first + index} />
            ))}
          </div>
        </div>
      </div>
      <div className="log-foot">
        {t("log.size", { size: bytes(file.size), lines: count })}
        {live && <span className="log-live"> · {t("log.live")}</span>}
      </div>
    </section>
  );
}

function Line({ text, marked }: { text: string; marked: boolean }) {
  const tokens = useMemo(() => tokensOf(text), [text]);
  return (
    <div className={marked ? "log-line log-hit" : "log-line"}>
      {tokens.map((token, index) => {
        const names = [
          token.colour && `ansi-${token.colour}`,
          token.back && `ansi-back-${token.back}`,
          token.bold && "ansi-bold",
          token.faint && "ansi-faint",
          token.underline && "ansi-underline",
        ].filter(Boolean);
        return names.length ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of a line never move
          <span key={index} className={names.join(" ")}>
            {token.text}
          </span>
        ) : (
          token.text
        );
      })}
    </div>
  );
}

type Log = ReturnType<typeof useLog>;

function Search({ log, onHit }: { log: Log; onHit: (line: number) => void }) {
  const { t } = useTranslation("runs");
  const [wanted, setWanted] = useState("");
  const [state, setState] = useState<"" | "busy" | "none">("");
  const from = useRef<{ text: string; at: number } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const search = async () => {
    if (!wanted) return;
    stop.current?.abort();
    const control = new AbortController();
    stop.current = control;
    setState("busy");
    const start = from.current?.text === wanted ? from.current.at + 1 : 0;
    const offset = await log.file.find(wanted, start, control.signal).catch(() => null);
    if (control.signal.aborted) return;
    setState(offset === null ? "none" : "");
    if (offset === null) return;
    from.current = { text: wanted, at: offset };
    onHit(await log.around(offset));
  };
  return (
    <Space size={6}>
      <SearchField
        label={t("log.find")}
        allowClear={false}
        size="small"
        value={wanted}
        loading={state === "busy"}
        status={state === "none" ? "warning" : ""}
        onChange={(event) => {
          setWanted(event.target.value);
          setState("");
        }}
        onSearch={() => void search()}
        style={{ width: 210 }}
      />
      <span role="status">{state === "none" ? t("log.notFound") : ""}</span>
    </Space>
  );
}

/** The file behind a viewer, read by ranges and followed by events. */
function useLog(path: string, live: boolean) {
  const [version, setVersion] = useState(0);
  const [opening, setOpening] = useState(true);
  const [failure, setFailure] = useState<unknown>(null);
  const file = useMemo(() => new LogFile((start, end) => range(path, start, end)), [path]);
  const shown = useCallback(() => setVersion((before) => before + 1), []);

  const tail = useCallback(async () => {
    setFailure(null);
    try {
      await file.openTail(await sizeOf(path));
    } catch (error) {
      setFailure(error);
    }
    setOpening(false);
    shown();
  }, [file, path, shown]);

  useEffect(() => {
    setOpening(true);
    let stop: (() => void) | undefined;
    let gone = false;
    void tail().then(() => {
      if (gone || !live) return;
      stop = listen({
        url: (last) => `/api/v1${path}?follow=true&offset=${last ?? file.end}`,
        on: {
          text: (data) => take(file, data, shown),
          end: (data) => {
            take(file, data, shown);
            stop?.();
          },
        },
      });
      if (gone) stop();
    });
    return () => {
      gone = true;
      stop?.();
    };
  }, [path, live, file, tail, shown]);

  const then = <T,>(act: Promise<T>): Promise<T> => act.finally(shown);
  return {
    file,
    version,
    opening,
    failure,
    tail,
    head: () => then(file.openHead()),
    around: (offset: number) => then(file.openAround(offset)),
    up: () => then(file.up()),
    down: () => then(file.down()),
  };
}

function take(file: LogFile, data: string, shown: () => void): void {
  const { offset, text } = JSON.parse(data) as { offset: number; text: string };
  if (offset <= file.size && file.atEnd && offset <= file.end) return;
  file.append(text, offset);
  requestAnimationFrame(shown);
}

async function sizeOf(path: string): Promise<number> {
  try {
    const answer = await request("GET", path, { headers: { Range: "bytes=0-0" } });
    await answer.body?.cancel();
    return Number(answer.headers.get("content-range")?.split("/")[1] ?? 0);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 416 || error.code === "range_outside")) return 0;
    throw error;
  }
}

async function range(path: string, start: number, end: number): Promise<Uint8Array> {
  const answer = await request("GET", path, { headers: { Range: `bytes=${start}-${end - 1}` } });
  return new Uint8Array(await answer.arrayBuffer());
}

function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(1)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
