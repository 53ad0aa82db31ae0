import { useReactFlow } from "@xyflow/react";
import { useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { bounds } from "./layout";
import type { Look } from "./looks";
import { type Drawing, paintBoxes, prepared, type View } from "./paint";
import { usePainting, type Watch } from "./usePainting";

const WIDTH = 180;
const HEIGHT = 110;

interface SmallMapProps {
  drawing: Drawing;
  look: (id: string) => Look | undefined;
  watch: Watch;
  dark: boolean;
}

/** The whole graph in a corner, with the part that is shown; a click goes there. */
export function SmallMap({ drawing, look, watch, dark }: SmallMapProps) {
  const { t } = useTranslation("graph");
  const { setCenter, getZoom } = useReactFlow();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useMemo(() => {
    const box = bounds(drawing.positions.values());
    const zoom = Math.min((WIDTH - 8) / box.width, (HEIGHT - 8) / box.height, 0.2);
    return {
      zoom,
      x: (WIDTH - box.width * zoom) / 2 - box.x * zoom,
      y: (HEIGHT - box.height * zoom) / 2 - box.y * zoom,
    };
  }, [drawing]);

  const paint = useCallback(
    ({ x, y, zoom, width, height }: View) => {
      const pen = canvas.current && prepared(canvas.current, WIDTH, HEIGHT);
      if (!pen) return;
      paintBoxes(pen, drawing, { ...scale, width: WIDTH, height: HEIGHT }, look, dark);
      const ratio = scale.zoom / zoom;
      pen.strokeStyle = dark ? "#e4e9ef" : "#1d2630";
      pen.lineWidth = 1.5;
      pen.strokeRect(-x * ratio + scale.x, -y * ratio + scale.y, width * ratio, height * ratio);
    },
    [drawing, look, dark, scale],
  );
  usePainting(watch, paint);

  const go = (event: React.MouseEvent) => {
    const frame = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - frame.left - scale.x) / scale.zoom;
    const y = (event.clientY - frame.top - scale.y) / scale.zoom;
    void setCenter(x, y, { zoom: getZoom() });
  };
  return (
    <canvas
      ref={canvas}
      className="small-map"
      style={{ width: WIDTH, height: HEIGHT }}
      role="img"
      aria-label={t("map")}
      onClick={go}
    />
  );
}
