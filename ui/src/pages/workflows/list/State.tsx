import { useTranslation } from "react-i18next";
import type { Workflow } from "@/api/shapes";
import { StateMark } from "@/parts/StateMark";

/** Published, and which version; never by colour alone. */
export function State({ flow }: { flow: Workflow }) {
  const { t } = useTranslation("workflows");
  if (flow.published === null) return <StateMark tone="off">{t("state.offline")}</StateMark>;
  return <StateMark tone="good">{t("state.published", { version: flow.published })}</StateMark>;
}
