import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import type { View } from "./paint";

/** Calls back whenever looks change; answers how to stop. */
export type Watch = (changed: () => void) => () => void;

/** Paints a canvas at most once a frame: at first, when looks change and when the view has `moved`. */
export function usePainting(watch: Watch, paint: (view: View, moved: boolean) => void): void {
  const flow = useStoreApi();
  useEffect(() => {
    let [asked, moved] = [0, true];
    const draw = () => {
      asked = 0;
      const { transform, width, height } = flow.getState();
      paint({ x: transform[0], y: transform[1], zoom: transform[2], width, height }, moved);
      moved = false;
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
  }, [flow, watch, paint]);
}
