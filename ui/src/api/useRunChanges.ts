import { useEffect, useRef } from "react";
import { listen } from "./live";

/** Acts when runs have changed; changes within `pause` milliseconds are one. */
export function useRunChanges(act: () => void, pause: number): void {
  const last = useRef(act);
  last.current = act;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        last.current();
      }, pause);
    };
    const stop = listen({ url: () => "/api/v1/events", on: { runs: soon }, onReturn: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [pause]);
}
