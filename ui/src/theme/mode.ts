// Light, dark, or as the system has it; kept in the browser.
import { create } from "zustand";

export type Mode = "auto" | "light" | "dark";
const KEPT = "headrace.theme";
const system = window.matchMedia?.("(prefers-color-scheme: dark)");

interface ModeStore {
  mode: Mode;
  dark: boolean;
  choose: (mode: Mode) => void;
}

function isDark(mode: Mode): boolean {
  return mode === "dark" || (mode === "auto" && Boolean(system?.matches));
}

function kept(): Mode {
  const found = localStorage.getItem(KEPT);
  return found === "light" || found === "dark" ? found : "auto";
}

function paint(dark: boolean): void {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

export const useMode = create<ModeStore>((set) => ({
  mode: kept(),
  dark: isDark(kept()),
  choose: (mode) => {
    localStorage.setItem(KEPT, mode);
    paint(isDark(mode));
    set({ mode, dark: isDark(mode) });
  },
}));

paint(useMode.getState().dark);
system?.addEventListener("change", () => {
  const { mode, choose } = useMode.getState();
  if (mode === "auto") choose("auto");
});
