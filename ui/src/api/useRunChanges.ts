import { useEffect, useRef } from "react";
import { listen } from "./live";

/** Acts when runs have changed, and when the stream begins; what comes within `pause` milliseconds is one. */
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
    const stop = listen({ url: () => "/api/v1/events", on: { runs: soon } });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [pause]);
}
