import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import type { Look } from "./looks";
import { type Drawing, nodeAt, paintBoxes, paintEdges, prepared, type View } from "./paint";

export interface OverviewProps {
  drawing: Drawing;
  look: (id: string) => Look | undefined;
  /** Calls back whenever looks change; answers how to stop. */
  watch: (changed: () => void) => () => void;
  marked: ReadonlySet<string>;
  dark: boolean;
  titleOf: (id: string) => string;
  onPick: (id: string) => void;
}

/** The graph from afar: one canvas of edges, drawn when the view moves, one of boxes, drawn on changes. */
export function Overview({ drawing, look, watch, marked, dark, titleOf, onPick }: OverviewProps) {
  const flow = useStoreApi();
  const lines = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<HTMLCanvasElement>(null);
  const seen = useRef<View>({ x: 0, y: 0, zoom: 1, width: 0, height: 0 });

  useEffect(() => {
    let asked = 0;
    let moved = true;
    const draw = () => {
      asked = 0;
      const { transform, width, height } = flow.getState();
      const view = { x: transform[0], y: transform[1], zoom: transform[2], width, height };
      seen.current = view;
      if (moved && lines.current) {
        const pen = prepared(lines.current, width, height);
        if (pen) paintEdges(pen, drawing, view, dark);
        moved = false;
      }
      const pen = boxes.current && prepared(boxes.current, width, height);
      if (pen) paintBoxes(pen, drawing, view, look, dark, marked);
    };
    const ask = () => {
      asked ||= requestAnimationFrame(draw);
    };
    const stops = [
      watch(ask),
      flow.subscribe((now, before) => {
        if (now.transform === before.transform && now.width === before.width && now.height === before.height)
          return;
        moved = true;
        ask();
      }),
    ];
    ask();
    return () => {
      cancelAnimationFrame(asked);
      for (const stop of stops) stop();
    };
  }, [flow, drawing, look, watch, marked, dark]);

  const under = (event: React.MouseEvent) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return nodeAt(drawing, seen.current, event.clientX - frame.left, event.clientY - frame.top);
  };
  return (
    <>
      <canvas ref={lines} className="overview" aria-hidden />
      <canvas
        ref={boxes}
        className="overview"
        aria-hidden
        data-testid="overview"
        onClick={(event) => {
          const id = under(event);
          if (id) onPick(id);
        }}
        onMouseMove={(event) => {
          const id = under(event);
          event.currentTarget.title = id ? titleOf(id) : "";
          event.currentTarget.style.cursor = id ? "pointer" : "";
        }}
      />
    </>
  );
}
