import { CompressOutlined, MinusOutlined, PlusOutlined } from "@ant-design/icons";
import {
  Background,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react";
import { Button, Spin, Tooltip } from "antd";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMode } from "@/theme/mode";
import "@xyflow/react/dist/style.css";
import { Arc, type ArcEdge } from "./Arc";
import { arrange } from "./arrange";
import { arcsOf, boxesOf } from "./flow";
import "./graph.css";
import { placed } from "./layout";
import { type Graph, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";
import { type BoxNode, NodeBox, type NodeStatus, Statuses } from "./NodeBox";
import { Overview } from "./Overview";
import { SmallMap } from "./SmallMap";
import type { StatusStore } from "./statusStore";
import { FARTHEST, NEAREST, useLook, usePlain } from "./view";

const BOXES = { box: NodeBox };
const ARCS = { arc: Arc };
const NO_NODES: BoxNode[] = [];
const NO_EDGES: ArcEdge[] = [];
const NOTHING = () => undefined;

export interface GraphViewProps {
  graph: Graph;
  /** Null where nothing runs: the boxes then show what they are. */
  statuses: StatusStore<NodeStatus> | null;
  selected: string | null;
  onSelect: (id: string | null) => void;
  /** Changes when the selected node should be brought into view. */
  focus?: number;
}

/** A graph to look at: live statuses, nothing to change. */
export function GraphView(props: GraphViewProps) {
  const positions = useArranged(props.graph);
  if (!positions) return <Spin className="graph-wait" />;
  return (
    <ReactFlowProvider>
      <Statuses.Provider value={props.statuses}>
        <Picture {...props} positions={positions} />
      </Statuses.Provider>
    </ReactFlowProvider>
  );
}

/** Positions as people placed them and the layout computed the rest; null until they are there. */
export function useArranged(graph: Graph): Map<string, Point> | null {
  const [found, setFound] = useState<{ graph: Graph; positions: Map<string, Point> } | null>(null);
  useEffect(() => {
    let wanted = true;
    const own = graph.nodes.every((node) => node.position);
    void (own ? Promise.resolve(new Map<string, Point>()) : arrange(graph)).then((computed) => {
      if (wanted) setFound({ graph, positions: placed(graph, computed) });
    });
    return () => {
      wanted = false;
    };
  }, [graph]);
  return found?.graph === graph ? found.positions : null;
}

function Picture({
  graph,
  statuses,
  selected,
  onSelect,
  focus,
  positions,
}: GraphViewProps & { positions: Map<string, Point> }) {
  const { t } = useTranslation("graph");
  const dark = useMode((store) => store.dark);
  const look = useLook(positions);
  const looked = useFirstLook(look.first);
  const plain = usePlain(graph.nodes.length, looked);
  useInView(looked ? selected : null, positions, look.one);
  useEffect(() => {
    if (focus && selected) look.one(selected);
  }, [focus, selected, look.one]);

  const drawing = useMemo(() => ({ positions, edges: graph.edges }), [positions, graph]);
  const boxes = useMemo(() => boxesOf(graph, positions), [graph, positions]);
  const arcs = useMemo(() => (plain ? NO_EDGES : arcsOf(graph, positions)), [graph, positions, plain]);
  const shown = useSelected(boxes, selected);
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node.name])), [graph]);
  const lookOf = useCallback((id: string) => statuses?.get(id)?.look, [statuses]);
  const watch = useCallback((changed: () => void) => statuses?.subscribeAll(changed) ?? NOTHING, [statuses]);
  const marked = useMemo(() => new Set(selected ? [selected] : []), [selected]);
  const titleOf = useCallback(
    (id: string) =>
      statuses
        ? `${names.get(id)} · ${t(`look.${statuses.get(id)?.look ?? "pending"}`)}`
        : (names.get(id) ?? id),
    [names, statuses, t],
  );
  return (
    <ReactFlow
      nodes={plain ? NO_NODES : shown}
      edges={arcs}
      nodeTypes={BOXES}
      edgeTypes={ARCS}
      colorMode={dark ? "dark" : "light"}
      minZoom={FARTHEST}
      maxZoom={NEAREST}
      onlyRenderVisibleElements
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      elementsSelectable
      deleteKeyCode={null}
      onNodeClick={(_, node) => onSelect(node.id)}
      onNodesChange={(changes) => {
        const change = changes.find((each) => each.type === "select" && each.selected);
        if (change?.type === "select") onSelect(change.id);
      }}
      onPaneClick={() => onSelect(null)}
      onKeyDownCapture={(event) => {
        if (event.key === "Escape") event.stopPropagation(); // else it selects the node that has the focus
      }}
      ariaLabelConfig={{ "node.a11yDescription.default": t("nodeHint") }}
      aria-label={t("graph")}
    >
      {!plain && <Background gap={24} />}
      {plain && <Overview {...{ drawing, watch, marked, dark, titleOf }} look={lookOf} onPick={onSelect} />}
      <Panel position="bottom-right">
        <SmallMap drawing={drawing} look={lookOf} watch={watch} dark={dark} />
      </Panel>
      <Panel position="bottom-left">
        <ZoomBar all={look.all} />
      </Panel>
    </ReactFlow>
  );
}

/** The same boxes with one of them selected; the others stay the very same objects. */
function useSelected(boxes: BoxNode[], selected: string | null): BoxNode[] {
  return useMemo(
    () => (selected ? boxes.map((box) => (box.id === selected ? { ...box, selected: true } : box)) : boxes),
    [boxes, selected],
  );
}

/** The first look, once there is room to draw in; whether it has been taken. */
export function useFirstLook(first: () => void): boolean {
  const [done, setDone] = useState(false);
  const roomy = useStore((store) => store.width > 0 && store.height > 0 && store.panZoom !== null);
  useEffect(() => {
    if (!roomy || done) return;
    first();
    setDone(true);
  }, [roomy, first, done]);
  return done;
}

/** Brings what is selected into view where it is not, also when the room for the graph has become less. */
function useInView(id: string | null, positions: Map<string, Point>, show: (id: string) => void): void {
  const store = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    const at = id === null ? undefined : positions.get(id);
    if (id === null || !at) return;
    const [x, y, zoom] = store.getState().transform;
    const [left, top] = [at.x * zoom + x, at.y * zoom + y];
    const [right, bottom] = [left + NODE_WIDTH * zoom, top + NODE_HEIGHT * zoom];
    if (left < 0 || top < 0 || right > width || bottom > height) show(id);
  }, [id, width, height, positions, show, store]);
}

export function ZoomBar({ all }: { all: () => void }) {
  const { t } = useTranslation("graph");
  const { zoomIn, zoomOut } = useReactFlow();
  const tools = [
    { name: t("zoomIn"), icon: <PlusOutlined aria-hidden />, act: () => void zoomIn() },
    { name: t("zoomOut"), icon: <MinusOutlined aria-hidden />, act: () => void zoomOut() },
    { name: t("showAll"), icon: <CompressOutlined aria-hidden />, act: all },
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
