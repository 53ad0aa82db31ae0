import { CompressOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import { Background, Panel, useReactFlow, useStoreApi } from "@xyflow/react";
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
import { nodeAt } from "./paint";
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

interface Scene {
  graph: Graph;
  positions: ReadonlyMap<string, Point>;
  /** Null where nothing runs. */
  statuses: StatusStore<NodeStatus> | null;
  /** Whether plain boxes take the place of the nodes. */
  plain: boolean;
}

/** What the canvas of every graph has in common; `pick` is told of a click beside the nodes, or upon a plain box. */
export function useCanvas({ graph, positions, statuses, plain }: Scene, pick: (id: string | null) => void) {
  const { t } = useTranslation("graph");
  const dark = useMode((store) => store.dark);
  const flow = useStoreApi();
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node.name])), [graph]);
  const under = ({ clientX, clientY }: React.MouseEvent): string | undefined => {
    const { transform, domNode } = flow.getState();
    if (!plain || !domNode) return undefined;
    const { left, top, width, height } = domNode.getBoundingClientRect();
    const view = { x: transform[0], y: transform[1], zoom: transform[2], width, height };
    return nodeAt(positions, view, clientX - left, clientY - top);
  };
  return {
    ...CANVAS,
    colorMode: dark ? ("dark" as const) : ("light" as const),
    ariaLabelConfig: { "node.a11yDescription.default": t("nodeHint") },
    "aria-label": t("graph"),
    onPaneClick: (event: React.MouseEvent) => pick(under(event) ?? null),
    onPaneMouseMove: (event: React.MouseEvent) => {
      const id = under(event);
      const status = id && statuses ? t(`look.${statuses.get(id)?.look ?? "pending"}`) : "";
      const pane = event.currentTarget as HTMLElement;
      pane.title = id ? [names.get(id), status].filter(Boolean).join(" · ") : "";
      pane.style.cursor = id ? "pointer" : "";
    },
  };
}

interface SceneryProps extends Scene {
  marked: ReadonlySet<string>;
  showAll: () => void;
}

/** What is around the nodes: the ground or the plain boxes, the small map, and how near one is. */
export function Scenery({ graph, positions, statuses, plain, marked, showAll }: SceneryProps) {
  const dark = useMode((store) => store.dark);
  const drawing = useMemo(() => ({ positions, edges: graph.edges }), [positions, graph]);
  const look = useCallback((id: string) => statuses?.get(id)?.look, [statuses]);
  const watch = useCallback((changed: () => void) => statuses?.subscribeAll(changed) ?? NOTHING, [statuses]);
  return (
    <>
      {!plain && <Background gap={24} />}
      {plain && <Overview {...{ drawing, look, watch, marked, dark }} />}
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
