import { useCallback, useRef } from "react";
import type { Look } from "./looks";
import { type Drawing, paintBoxes, paintEdges, prepared, type View } from "./paint";
import { usePainting, type Watch } from "./usePainting";

interface OverviewProps {
  drawing: Drawing;
  look: (id: string) => Look | undefined;
  watch: Watch;
  marked: ReadonlySet<string>;
  dark: boolean;
}

/** The graph from afar: one canvas of edges, drawn when the view moves, one of boxes, drawn on changes. */
export function Overview({ drawing, look, watch, marked, dark }: OverviewProps) {
  const lines = useRef<HTMLCanvasElement>(null);
  const boxes = useRef<HTMLCanvasElement>(null);

  const paint = useCallback(
    (view: View, moved: boolean) => {
      const { width, height } = view;
      const lining = moved && lines.current && prepared(lines.current, width, height);
      if (lining) paintEdges(lining, drawing, view, dark);
      const boxing = boxes.current && prepared(boxes.current, width, height);
      if (boxing) paintBoxes(boxing, drawing, view, look, dark, marked);
    },
    [drawing, look, marked, dark],
  );
  usePainting(watch, paint);

  return (
    <>
      <canvas ref={lines} className="overview" aria-hidden />
      <canvas ref={boxes} className="overview" aria-hidden data-testid="overview" />
    </>
  );
}
