import { CompressOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import { Background, Panel, useReactFlow } from "@xyflow/react";
import { Button, Tooltip } from "antd";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMode } from "@/theme/mode";
import "@xyflow/react/dist/style.css";
import { Arc } from "./Arc";
import "./graph.css";
import type { Graph, Point } from "./model";
import { NodeBox, type NodeStatus } from "./NodeBox";
import { Overview } from "./Overview";
import { SmallMap } from "./SmallMap";
import type { StatusStore } from "./statusStore";
import { FARTHEST, NEAREST } from "./view";

const CANVAS = {
  nodeTypes: { box: NodeBox },
  edgeTypes: { arc: Arc },
  minZoom: FARTHEST,
  maxZoom: NEAREST,
  onlyRenderVisibleElements: true,
  deleteKeyCode: null,
} as const;
const NOTHING = () => undefined;

/** What the canvas of every graph has in common, be it to look at or to work on. */
export function useCanvas() {
  const { t } = useTranslation("graph");
  const dark = useMode((store) => store.dark);
  return {
    ...CANVAS,
    colorMode: dark ? ("dark" as const) : ("light" as const),
    ariaLabelConfig: { "node.a11yDescription.default": t("nodeHint") },
    "aria-label": t("graph"),
  };
}

export interface SceneryProps {
  graph: Graph;
  positions: ReadonlyMap<string, Point>;
  /** Null where nothing runs. */
  statuses: StatusStore<NodeStatus> | null;
  /** Whether plain boxes take the place of the nodes. */
  plain: boolean;
  marked: ReadonlySet<string>;
  onPick: (id: string) => void;
  showAll: () => void;
}

/** What is around the nodes: the ground or the plain boxes, the small map, and how near one is. */
export function Scenery({ graph, positions, statuses, plain, marked, onPick, showAll }: SceneryProps) {
  const { t } = useTranslation("graph");
  const dark = useMode((store) => store.dark);
  const drawing = useMemo(() => ({ positions, edges: graph.edges }), [positions, graph]);
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node.name])), [graph]);
  const look = useCallback((id: string) => statuses?.get(id)?.look, [statuses]);
  const watch = useCallback((changed: () => void) => statuses?.subscribeAll(changed) ?? NOTHING, [statuses]);
  const titleOf = (id: string) =>
    [names.get(id) ?? id, statuses && t(`look.${look(id) ?? "pending"}`)].filter(Boolean).join(" · ");
  return (
    <>
      {!plain && <Background gap={24} />}
      {plain && <Overview {...{ drawing, look, watch, marked, dark, titleOf, onPick }} />}
      <Panel position="bottom-right">
        <SmallMap {...{ drawing, look, watch, dark }} />
      </Panel>
      <Panel position="bottom-left">
        <ZoomBar showAll={showAll} />
      </Panel>
    </>
  );
}

function ZoomBar({ showAll }: { showAll: () => void }) {
  const { t } = useTranslation("graph");
  const { zoomIn, zoomOut } = useReactFlow();
  const tools = [
    { name: t("zoomIn"), icon: <PlusOutlined aria-hidden />, act: () => void zoomIn() },
    { name: t("zoomOut"), icon: <MinusOutlined aria-hidden />, act: () => void zoomOut() },
    { name: t("showAll"), icon: <CompressOutlined aria-hidden />, act: showAll },
  ];
  return (
    <div className="zoom-bar">
      {tools.map(({ name, icon, act }) => (
        <Tooltip key={name} title={name} placement="right">
          <Button size="small" icon={icon} aria-label={name} onClick={act} />
        </Tooltip>
      ))}
    </div>
  );
}
