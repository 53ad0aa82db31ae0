import { App } from "antd";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Location, useBlocker } from "react-router";

/** Whether there is something that leaving the page would lose. */
type Unsaved = boolean | (() => boolean);

const kept = new Set<React.RefObject<Unsaved>>();

/** Nobody leaves with what is typed and not saved without being asked: by no link, button of the browser or
 * closed window. Asked only when it comes to it, so a form may answer by itself. */
export function useUnsaved(unsaved: Unsaved): void {
  const now = useRef(unsaved);
  now.current = unsaved;
  useEffect(() => {
    kept.add(now);
    return () => void kept.delete(now);
  }, []);
}

function anything(): boolean {
  return [...kept].some(({ current }) => (typeof current === "function" ? current() : current));
}

/** Stands in the frame, once: of several guards the router would ask the last one only. */
export function LeaveGuard() {
  const { t } = useTranslation("editor");
  const { modal } = App.useApp();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => pageOf(currentLocation) !== pageOf(nextLocation) && anything(),
  );
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => anything() && event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    const asked = modal.confirm({
      title: t("leave.title"),
      content: t("leave.about"),
      okText: t("leave.go"),
      cancelText: t("leave.stay"),
      okButtonProps: { danger: true },
      onOk: () => blocker.proceed(),
      onCancel: () => blocker.reset(),
    });
    return () => asked.destroy();
  }, [blocker, modal, t]);
  return null;
}

/** Some pages have tabs, and what is in one of them is gone where another is shown. */
function pageOf({ pathname, search }: Location): string {
  return `${pathname}?${new URLSearchParams(search).get("tab") ?? ""}`;
}
