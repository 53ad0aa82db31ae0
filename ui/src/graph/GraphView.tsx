import { ReactFlow, ReactFlowProvider, useStore, useStoreApi } from "@xyflow/react";
import { Spin } from "antd";
import { useEffect, useMemo, useState } from "react";
import type { ArcEdge } from "./Arc";
import { arrange } from "./arrange";
import { arcsOf, boxesOf } from "./flow";
import { placed } from "./layout";
import { type Graph, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";
import { type BoxNode, type NodeStatus, Statuses } from "./NodeBox";
import { Scenery, useCanvas } from "./Scenery";
import type { StatusStore } from "./statusStore";
import { useFirstLook, useLook, usePlain } from "./view";

const NO_NODES: BoxNode[] = [];
const NO_EDGES: ArcEdge[] = [];

interface GraphViewProps {
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
  const look = useLook(positions);
  const looked = useFirstLook(look.first);
  const plain = usePlain(graph.nodes.length, looked);
  const canvas = useCanvas({ graph, positions, statuses, plain }, onSelect);
  useInView(looked ? selected : null, positions, look.one);
  useEffect(() => {
    if (focus && selected) look.one(selected);
  }, [focus, selected, look.one]);

  const boxes = useMemo(() => boxesOf(graph, positions), [graph, positions]);
  const arcs = useMemo(() => (plain ? NO_EDGES : arcsOf(graph, positions)), [graph, positions, plain]);
  const shown = useSelected(boxes, selected);
  const marked = useMemo(() => new Set(selected ? [selected] : []), [selected]);
  return (
    <ReactFlow
      {...canvas}
      nodes={plain ? NO_NODES : shown}
      edges={arcs}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      elementsSelectable
      onNodeClick={(_, node) => onSelect(node.id)}
      onNodesChange={(changes) => {
        const change = changes.find((each) => each.type === "select" && each.selected);
        if (change?.type === "select") onSelect(change.id);
      }}
      onKeyDownCapture={(event) => {
        if (event.key === "Escape") event.stopPropagation(); // else it selects the node that has the focus
      }}
    >
      <Scenery {...{ graph, positions, statuses, plain, marked }} showAll={look.all} />
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
