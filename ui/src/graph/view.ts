import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useCallback, useEffect, useState } from "react";
import { PLAIN_BELOW, PLAIN_FROM } from "./flow";
import { bounds } from "./layout";
import { NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";

export const NEAREST = 1.5;
export const FARTHEST = 0.02;
const READABLE = 0.65; // at first a graph that is not large is shown no smaller

/** Whether the view is so far away, or not yet known, that plain boxes are enough. */
export function usePlain(count: number, looked: boolean): boolean {
  const far = useStore((store) => store.transform[2] < PLAIN_BELOW);
  return count >= PLAIN_FROM && (far || !looked);
}

/** Shows the whole graph, or as much as can be read at first, or brings one node into the middle. */
export function useLook(positions: ReadonlyMap<string, Point>) {
  const { setViewport, setCenter, getZoom } = useReactFlow();
  const store = useStoreApi();
  const all = useCallback(() => {
    const { width, height } = store.getState();
    if (!width || !height) return;
    const box = bounds(positions.values());
    void setViewport(getViewportForBounds(box, width, height, FARTHEST, 1, 0.06));
  }, [store, setViewport, positions]);
  const first = useCallback(() => {
    const { width, height } = store.getState();
    const box = bounds(positions.values());
    const view = getViewportForBounds(box, width, height, FARTHEST, 1, 0.06);
    if (view.zoom >= READABLE || positions.size >= PLAIN_FROM) return void setViewport(view);
    const y = height / 2 - (box.y + box.height / 2) * READABLE;
    const top = box.height * READABLE > height ? 24 - box.y * READABLE : y;
    void setViewport({ x: 24 - box.x * READABLE, y: top, zoom: READABLE });
  }, [store, setViewport, positions]);
  const one = useCallback(
    (id: string) => {
      const at = positions.get(id);
      if (!at) return;
      const zoom = Math.max(getZoom(), 0.8);
      void setCenter(at.x + NODE_WIDTH / 2, at.y + NODE_HEIGHT / 2, { zoom });
    },
    [positions, setCenter, getZoom],
  );
  return { all, first, one };
}

/** The first look, once there is room to draw in; whether it has been taken. */
export function useFirstLook(first: () => void): boolean {
  const [done, setDone] = useState(false);
  const roomy = useStore((store) => store.width > 0 && store.height > 0 && store.panZoom !== null);
  useEffect(() => {
    if (!roomy || done) return;
    first();
    setDone(true);
  }, [roomy, first, done]);
  return done;
}
