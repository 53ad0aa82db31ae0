import { useEffect, useRef } from "react";

/** Where Escape has a meaning of its own. */
const OWN =
  "input, textarea, [contenteditable=true], [role=dialog], [role=menu], .ant-select-open, .ant-dropdown-open";

/** Escape does this, unless somebody is writing or something else is open that it closes. */
export function useEscape(act: () => void): void {
  const last = useRef(act);
  last.current = act;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(OWN)) return;
      last.current();
    };
    // In the capturing phase: the graph keeps the key from its nodes.
    window.addEventListener("keydown", pressed, true);
    return () => window.removeEventListener("keydown", pressed, true);
  }, []);
}
