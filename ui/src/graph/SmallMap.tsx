import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { bounds } from "./layout";
import type { Look } from "./looks";
import { type Drawing, paintBoxes, prepared } from "./paint";

const WIDTH = 180;
const HEIGHT = 110;

interface SmallMapProps {
  drawing: Drawing;
  look: (id: string) => Look | undefined;
  watch: (changed: () => void) => () => void;
  dark: boolean;
}

/** The whole graph in a corner, with the part that is shown; a click goes there. */
export function SmallMap({ drawing, look, watch, dark }: SmallMapProps) {
  const { t } = useTranslation("graph");
  const flow = useStoreApi();
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

  useEffect(() => {
    let asked = 0;
    const draw = () => {
      asked = 0;
      const pen = canvas.current && prepared(canvas.current, WIDTH, HEIGHT);
      if (!pen) return;
      paintBoxes(pen, drawing, { ...scale, width: WIDTH, height: HEIGHT }, look, dark);
      const { transform, width, height } = flow.getState();
      const [x, y, zoom] = transform;
      const ratio = scale.zoom / zoom;
      pen.strokeStyle = dark ? "#e4e9ef" : "#1d2630";
      pen.lineWidth = 1.5;
      pen.strokeRect(-x * ratio + scale.x, -y * ratio + scale.y, width * ratio, height * ratio);
    };
    const ask = () => {
      asked ||= requestAnimationFrame(draw);
    };
    const stops = [
      watch(ask),
      flow.subscribe((now, before) => {
        if (now.transform !== before.transform || now.width !== before.width) ask();
      }),
    ];
    ask();
    return () => {
      cancelAnimationFrame(asked);
      for (const stop of stops) stop();
    };
  }, [flow, drawing, look, watch, dark, scale]);

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
