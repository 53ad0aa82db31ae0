import {
  CheckCircleFilled,
  ClockCircleOutlined,
  CloseCircleFilled,
  MinusCircleOutlined,
  PlusCircleOutlined,
  WarningFilled,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import "./marks.css";

export type Tone = "good" | "bad" | "warn" | "wait" | "off" | "new";

const ICONS = {
  good: CheckCircleFilled,
  bad: CloseCircleFilled,
  warn: WarningFilled,
  wait: ClockCircleOutlined,
  off: MinusCircleOutlined,
  new: PlusCircleOutlined,
};

/** A state as icon, colour and word; never by colour alone. */
export function StateMark({ tone, children }: { tone: Tone; children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <span className="state">
      <Icon className={`state-${tone}`} aria-hidden />
      <span>{children}</span>
    </span>
  );
}
