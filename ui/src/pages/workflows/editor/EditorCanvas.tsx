import {
  applyNodeChanges,
  type Connection,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStoreApi,
} from "@xyflow/react";
import { useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import type { ArcEdge } from "@/graph/Arc";
import { arcsOf, boxOf } from "@/graph/flow";
import { freeSpot } from "@/graph/layout";
import { closesCycle, type Graph, NODE_HEIGHT, NODE_WIDTH, type Point } from "@/graph/model";
import type { BoxNode, NodeStatus } from "@/graph/NodeBox";
import { Scenery, useCanvas } from "@/graph/Scenery";
import type { StatusStore } from "@/graph/statusStore";
import { useFirstLook, useLook, usePlain } from "@/graph/view";
import type { EdgeName, Raw } from "./document";
import { CARRIED } from "./Palette";

export interface CanvasHandle {
  /** Where a new node has room, at the middle of what is seen or below it. */
  middle: () => Point;
  /** Moves the view to a node at this place, where it is not seen whole. */
  reveal: (at: Point) => void;
  show: (id: string) => void;
  showAll: () => void;
}

interface EditorCanvasProps {
  graph: Graph;
  positions: ReadonlyMap<string, Point>;
  selection: ReadonlySet<string>;
  edge: EdgeName | null;
  problems: ReadonlyMap<string, string[]>;
  statuses: StatusStore<NodeStatus> | null;
  readOnly: boolean;
  handle: React.Ref<CanvasHandle>;
  onSelect: (ids: ReadonlySet<string>) => void;
  onEdge: (edge: EdgeName | null) => void;
  onMove: (positions: ReadonlyMap<string, Point>) => void;
  onConnect: (edge: EdgeName) => void;
  onAdd: (node: Raw, at: Point) => void;
}

/** The graph to work on: drag, connect, select several, drop from the palette. */
export function EditorCanvas(props: EditorCanvasProps) {
  const { graph, positions, selection, edge, readOnly, statuses } = props;
  const look = useLook(positions);
  const plain = usePlain(graph.nodes.length, useFirstLook(look.first));
  const canvas = useCanvas({ graph, positions, statuses, plain }, (id) => {
    props.onSelect(new Set(id === null ? [] : [id]));
    props.onEdge(null);
  });
  useHandle(props.handle, look, positions);
  const { boxes, setBoxes } = useBoxes(props);
  const arcs = useMemo(() => (plain ? [] : arcsOf(graph, positions)), [graph, positions, plain]);
  const shownArcs = useMemo(
    () => arcs.map((arc) => (edge && isEdge(arc, edge) ? { ...arc, selected: true } : arc)),
    [arcs, edge],
  );
  const { screenToFlowPosition } = useReactFlow();

  const drop = (event: React.DragEvent) => {
    const carried = event.dataTransfer.getData(CARRIED);
    if (!carried || readOnly) return;
    event.preventDefault();
    const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    props.onAdd(JSON.parse(carried) as Raw, { x: at.x - NODE_WIDTH / 2, y: at.y - NODE_HEIGHT / 2 });
  };
  const moved = (_: unknown, __: unknown, dragged: BoxNode[]) =>
    props.onMove(new Map(dragged.map((box) => [box.id, box.position])));
  return (
    <ReactFlow<BoxNode, ArcEdge>
      {...canvas}
      nodes={plain ? [] : boxes}
      edges={shownArcs}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={["Meta", "Control"]}
      selectionMode={SelectionMode.Partial}
      connectionRadius={30}
      isValidConnection={({ source, target }) => !closesCycle(graph, source, target)}
      onConnect={({ source, target }: Connection) => props.onConnect({ source, target })}
      onNodesChange={(changes) => {
        setBoxes((before) => applyNodeChanges(changes, before));
        const chosen = changes.filter((each) => each.type === "select");
        if (!chosen.length) return;
        const next = new Set(selection);
        for (const each of chosen) {
          if (each.selected) next.add(each.id);
          else next.delete(each.id);
        }
        props.onSelect(next);
      }}
      onNodeDragStop={(event, node, dragged) => moved(event, node, dragged)}
      onSelectionDragStop={(event, dragged) => moved(event, null, dragged)}
      onEdgeClick={(_, arc) => props.onEdge({ source: arc.source, target: arc.target, case: arc.data?.case })}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={drop}
    >
      <Scenery {...{ graph, positions, statuses, plain }} marked={selection} showAll={look.all} />
    </ReactFlow>
  );
}

function isEdge(arc: ArcEdge, edge: EdgeName): boolean {
  return arc.source === edge.source && arc.target === edge.target && arc.data?.case === edge.case;
}

/** What is drawn: the document's nodes, and where they are while they are dragged. */
function useBoxes({ graph, positions, problems, selection, readOnly }: EditorCanvasProps) {
  const made = useMemo(
    () =>
      graph.nodes.map((node) =>
        boxOf(node, positions.get(node.id) ?? { x: 0, y: 0 }, {
          connectable: !readOnly,
          problem: problems.get(node.id)?.join("\n"),
        }),
      ),
    [graph, positions, problems, readOnly],
  );
  const [boxes, setBoxes] = useState<BoxNode[]>(made);
  const chosen = useRef(selection);
  chosen.current = selection;
  useEffect(() => {
    setBoxes(made.map((box) => ({ ...box, selected: chosen.current.has(box.id) })));
  }, [made]);
  useEffect(() => {
    setBoxes((before) =>
      before.map((box) =>
        Boolean(box.selected) === selection.has(box.id) ? box : { ...box, selected: selection.has(box.id) },
      ),
    );
  }, [selection]);
  return { boxes, setBoxes };
}

function useHandle(
  handle: React.Ref<CanvasHandle>,
  look: ReturnType<typeof useLook>,
  positions: ReadonlyMap<string, Point>,
): void {
  const store = useStoreApi();
  const { setCenter } = useReactFlow();
  useImperativeHandle(handle, () => ({
    reveal: ({ x, y }) => {
      const { width, height, transform } = store.getState();
      const [left, top, zoom] = transform;
      const [from, to] = [x * zoom + left, (x + NODE_WIDTH) * zoom + left];
      const [above, below] = [y * zoom + top, (y + NODE_HEIGHT) * zoom + top];
      if (from < 0 || above < 0 || to > width || below > height)
        void setCenter(x + NODE_WIDTH / 2, y + NODE_HEIGHT / 2, { zoom });
    },
    middle: () => {
      const { width, height, transform } = store.getState();
      const [x, y, zoom] = transform;
      const [across, down] = [(width / 2 - x) / zoom, (height / 2 - y) / zoom];
      return freeSpot({ x: across - NODE_WIDTH / 2, y: down - NODE_HEIGHT / 2 }, positions);
    },
    show: look.one,
    showAll: look.all,
  }));
}
