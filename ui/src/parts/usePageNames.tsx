import { cloneElement, isValidElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

/** For a table's `pagination`: names of the buttons to the pages before and after, which antd has in English only. */
export function usePageNames() {
  const { t } = useTranslation();
  const names: Record<string, string> = { prev: t("list.before"), next: t("list.next") };
  const itemRender = (_: number, type: string, item: ReactNode) =>
    isValidElement<{ "aria-label"?: string }>(item) && names[type]
      ? cloneElement(item, { "aria-label": names[type] })
      : item;
  return { itemRender };
}
