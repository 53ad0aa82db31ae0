import {
  ApartmentOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CodeOutlined,
  ForkOutlined,
  WarningFilled,
} from "@ant-design/icons";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { createContext, memo, useContext } from "react";
import { useTranslation } from "react-i18next";
import { LookIcon } from "./LookMark";
import type { Look } from "./looks";
import type { GraphNode, Kind } from "./model";
import { type StatusStore, useStatus } from "./statusStore";

/** What a node shows of the steps behind it. */
export interface NodeStatus {
  look: Look;
  wait: string | null;
  done: number;
  total: number;
  progress: number | null;
  attempt: number;
}

interface BoxData extends Record<string, unknown> {
  node: GraphNode;
  problem?: string;
  connectable?: boolean;
}
export type BoxNode = Node<BoxData, "box">;

/** Where boxes find the status of their node; null where there is no run. */
export const Statuses = createContext<StatusStore<NodeStatus> | null>(null);

export function KindIcon({ kind }: { kind: Kind }) {
  const Icon = {
    task: CodeOutlined,
    approval: CheckSquareOutlined,
    decision: ForkOutlined,
    timer: ClockCircleOutlined,
    workflow: ApartmentOutlined,
  }[kind];
  return <Icon aria-hidden />;
}

export const NodeBox = memo(function NodeBox({ data, selected }: NodeProps<BoxNode>) {
  const store = useContext(Statuses);
  return store ? (
    <LiveBox data={data} selected={selected} store={store} />
  ) : (
    <Box data={data} selected={selected} />
  );
});

interface BoxProps {
  data: BoxData;
  selected: boolean;
}

function LiveBox({ data, selected, store }: BoxProps & { store: StatusStore<NodeStatus> }) {
  return <Box data={data} selected={selected} status={useStatus(store, data.node.id) ?? UNKNOWN} />;
}

const UNKNOWN: NodeStatus = { look: "pending", wait: null, done: 0, total: 1, progress: null, attempt: 0 };

function Box({ data, selected, status }: BoxProps & { status?: NodeStatus }) {
  const { t } = useTranslation("graph");
  const { node, problem } = data;
  const look = status ? ` look-${status.look}` : "";
  return (
    <div
      className={`box box-${node.kind}${look}${selected ? " box-selected" : ""}${problem ? " box-wrong" : ""}`}
      data-look={status?.look}
      title={problem ?? node.name}
    >
      <Handle type="target" position={Position.Left} isConnectable={data.connectable ?? false} />
      <span className="box-kind">
        <KindIcon kind={node.kind} />
      </span>
      <span className="box-texts">
        <span className="box-name">{node.name}</span>
        <span className="box-more">
          {status ? <Told status={status} /> : (node.detail ?? t(`kind.${node.kind}`))}
        </span>
      </span>
      {node.fansOut && !status && <span className="box-fan">×n</span>}
      {problem && <WarningFilled className="box-problem" aria-label={problem} />}
      {status?.progress != null && status.look === "running" && (
        <span className="box-progress" style={{ width: `${status.progress}%` }} />
      )}
      <Handle type="source" position={Position.Right} isConnectable={data.connectable ?? false} />
    </div>
  );
}

function Told({ status }: { status: NodeStatus }) {
  const { t } = useTranslation("graph");
  const note = status.wait ? t(`wait.${status.wait}`) : t(`look.${status.look}`);
  return (
    <>
      <LookIcon look={status.look} /> {note}
      {status.total !== 1 && ` ${status.done}/${status.total}`}
      {status.attempt > 1 && ` · #${status.attempt}`}
    </>
  );
}
