/** From the graph to what the canvas library draws: sizes and handles are given, so nothing is measured. */
import { MarkerType, Position } from "@xyflow/react";
import type { ArcEdge } from "./Arc";
import { type Graph, type GraphEdge, type GraphNode, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";
import type { BoxNode } from "./NodeBox";
import { type Route, routes } from "./route";

const HANDLES: BoxNode["handles"] = [
  { type: "target", position: Position.Left, x: -4, y: NODE_HEIGHT / 2 - 4, width: 8, height: 8 },
  {
    type: "source",
    position: Position.Right,
    x: NODE_WIDTH - 4,
    y: NODE_HEIGHT / 2 - 4,
    width: 8,
    height: 8,
  },
];
/** Below this zoom plain boxes are drawn, where the graph is not small. */
export const PLAIN_BELOW = 0.4;
export const PLAIN_FROM = 120; // nodes

interface BoxOptions {
  connectable?: boolean;
  problem?: string;
  label?: string;
  selected?: boolean;
}

export function boxOf(node: GraphNode, position: Point, options: BoxOptions = {}): BoxNode {
  const { connectable, problem, label, selected } = options;
  return {
    id: node.id,
    type: "box",
    position,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    handles: HANDLES,
    selected,
    data: { node, problem, connectable },
    ariaLabel: label ?? node.name,
  };
}

export function boxesOf(graph: Graph, positions: ReadonlyMap<string, Point>): BoxNode[] {
  return graph.nodes.map((node) => boxOf(node, positions.get(node.id) ?? { x: 0, y: 0 }));
}

export function arcsOf(graph: Graph, positions: ReadonlyMap<string, Point>): ArcEdge[] {
  const ways = routes(graph, positions);
  return graph.edges.map((edge) => arcOf(edge, ways.get(edge.id)));
}

function arcOf(edge: GraphEdge, route: Route | undefined): ArcEdge {
  return {
    id: edge.id,
    type: "arc",
    source: edge.source,
    target: edge.target,
    data: { case: edge.case, route },
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
  };
}
