import {
  ApartmentOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CodeOutlined,
  ForkOutlined,
} from "@ant-design/icons";
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Raw } from "./document";

export const CARRIED = "application/x-headrace-node";

interface Pattern {
  key: string;
  icon: ReactNode;
  node: Raw;
}

/** What can be put onto the canvas: every executor, then the other kinds of node. */
export function patterns(executors: readonly string[]): Pattern[] {
  const tasks = executors.map((executor) => ({
    key: executor,
    icon: <CodeOutlined aria-hidden />,
    node: taskOf(executor),
  }));
  return [
    ...tasks,
    {
      key: "approval",
      icon: <CheckSquareOutlined aria-hidden />,
      node: { id: "approval", kind: "approval", approvers: { roles: ["administrator"] } },
    },
    {
      key: "decision",
      icon: <ForkOutlined aria-hidden />,
      node: { id: "decision", kind: "decision", cases: [{ name: "yes" }, { name: "no" }] },
    },
    {
      key: "timer",
      icon: <ClockCircleOutlined aria-hidden />,
      node: { id: "timer", kind: "timer", for: "10m" },
    },
    { key: "workflow", icon: <ApartmentOutlined aria-hidden />, node: { id: "workflow", kind: "workflow" } },
  ];
}

const FIRST: Record<string, Raw> = {
  shell: { script: "echo hello\n" },
  python: { script: 'print("hello")\n' },
  http: { url: "http://127.0.0.1:8080/healthz" },
  sql: { sql: "SELECT 1" },
  sleep: { seconds: 10 },
  ssh: { script: "uptime\n" },
};

function taskOf(executor: string): Raw {
  const given = FIRST[executor];
  return { id: executor, executor, ...(given ? { with: given } : {}) };
}

/** Dragged onto the canvas, or added in its middle by a click or Enter. */
export function Palette({
  items,
  onAdd,
  disabled,
}: {
  items: Pattern[];
  onAdd: (node: Raw) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation(["editor", "graph"]);
  const kinds = new Set(["approval", "decision", "timer", "workflow"]);
  const name = (key: string) => (kinds.has(key) ? t(`graph:kind.${key}`) : key);
  return (
    <nav className="palette" aria-label={t("palette")}>
      {items.map(({ key, icon, node }) => (
        <Tooltip key={key} title={disabled ? null : t("dragMe")} placement="right" mouseEnterDelay={0.6}>
          <button
            type="button"
            className="palette-item"
            draggable={!disabled}
            disabled={disabled}
            data-pattern={key}
            onClick={() => onAdd(node)}
            onDragStart={(event) => {
              event.dataTransfer.setData(CARRIED, JSON.stringify(node));
              event.dataTransfer.effectAllowed = "copy";
            }}
          >
            {icon}
            <span>{name(key)}</span>
          </button>
        </Tooltip>
      ))}
    </nav>
  );
}
