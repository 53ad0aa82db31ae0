import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  FieldTimeOutlined,
  ForwardOutlined,
  HourglassOutlined,
  LoadingOutlined,
  MinusCircleOutlined,
  PauseCircleFilled,
  RollbackOutlined,
  SendOutlined,
  StopFilled,
  StopOutlined,
  ThunderboltFilled,
} from "@ant-design/icons";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { Look } from "./looks";
import "./looks.css";

const ICONS: Record<Look, ComponentType<{ className?: string; "aria-hidden"?: boolean }>> = {
  pending: ClockCircleOutlined,
  ready: SendOutlined,
  running: LoadingOutlined,
  waiting: HourglassOutlined,
  paused: PauseCircleFilled,
  canceling: StopOutlined,
  canceled: StopFilled,
  failed: CloseCircleFilled,
  timedOut: FieldTimeOutlined,
  broken: ThunderboltFilled,
  rolledBack: RollbackOutlined,
  skipped: ForwardOutlined,
  successful: CheckCircleFilled,
  bypassed: MinusCircleOutlined,
};

/** The icon alone, for where the word stands beside it anyway. */
export function LookIcon({ look }: { look: Look }) {
  const Icon = ICONS[look];
  return <Icon className={`look-mark look-${look}`} aria-hidden />;
}

/** Icon and word. `note` says more, such as what is waited for. */
export function LookMark({ look, note }: { look: Look; note?: string | null }) {
  const { t } = useTranslation("graph");
  return (
    <span className="look" data-look={look}>
      <LookIcon look={look} />
      <span>
        {t(`look.${look}`)}
        {note ? ` · ${note}` : ""}
      </span>
    </span>
  );
}
