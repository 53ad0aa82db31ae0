import { App } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { type Location, useBlocker } from "react-router";

/** Nobody leaves with unsaved changes without being asked. */
export function useGuard(dirty: boolean): void {
  const { t } = useTranslation("editor");
  const { modal } = App.useApp();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && pageOf(currentLocation) !== pageOf(nextLocation),
  );
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
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
}

/** Some pages have tabs, and what is in one of them is gone where another is shown. */
function pageOf({ pathname, search }: Location): string {
  return `${pathname}?${new URLSearchParams(search).get("tab") ?? ""}`;
}
