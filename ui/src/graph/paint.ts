/** Drawing the whole graph as plain boxes on a canvas: for far views and for the small map. */
import { COLOURS, type Look } from "./looks";
import { type GraphEdge, NODE_HEIGHT, NODE_WIDTH, type Point } from "./model";

export interface View {
  x: number;
  y: number;
  zoom: number;
  width: number;
  height: number;
}

export interface Drawing {
  positions: ReadonlyMap<string, Point>;
  edges: readonly GraphEdge[];
}

const LEAST = 2; // pixels a box has at least, however far away

/** Make the canvas as fine as the screen and clear it. */
export function prepared(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const fine = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * fine) || canvas.height !== Math.round(height * fine)) {
    canvas.width = Math.round(width * fine);
    canvas.height = Math.round(height * fine);
  }
  const pen = canvas.getContext("2d");
  pen?.setTransform(fine, 0, 0, fine, 0, 0);
  pen?.clearRect(0, 0, width, height);
  return pen;
}

export function paintEdges(pen: CanvasRenderingContext2D, drawing: Drawing, view: View, dark: boolean): void {
  pen.strokeStyle = dark ? "#4b5661" : "#b4bdc7";
  pen.lineWidth = Math.max(0.5, Math.min(1.5, view.zoom * 3));
  pen.beginPath();
  for (const { source, target } of drawing.edges) {
    const from = drawing.positions.get(source);
    const to = drawing.positions.get(target);
    if (!from || !to) continue;
    pen.moveTo((from.x + NODE_WIDTH) * view.zoom + view.x, (from.y + NODE_HEIGHT / 2) * view.zoom + view.y);
    pen.lineTo(to.x * view.zoom + view.x, (to.y + NODE_HEIGHT / 2) * view.zoom + view.y);
  }
  pen.stroke();
}

/** Boxes by colour, so that the pen changes it a dozen times and not once for every node. */
export function paintBoxes(
  pen: CanvasRenderingContext2D,
  drawing: Drawing,
  view: View,
  look: (id: string) => Look | undefined,
  dark: boolean,
  marked: ReadonlySet<string> = new Set(),
): void {
  const colours = COLOURS[dark ? "dark" : "light"];
  const groups = new Map<string, Point[]>();
  for (const [id, at] of drawing.positions) {
    const x = at.x * view.zoom + view.x;
    const y = at.y * view.zoom + view.y;
    const outside = x > view.width || y > view.height || x + NODE_WIDTH * view.zoom < 0;
    if (outside || y + NODE_HEIGHT * view.zoom < 0) continue;
    const colour = colours[look(id) ?? "pending"];
    const group = groups.get(colour);
    if (group) group.push({ x, y });
    else groups.set(colour, [{ x, y }]);
  }
  const width = Math.max(LEAST, NODE_WIDTH * view.zoom);
  const height = Math.max(LEAST, NODE_HEIGHT * view.zoom);
  for (const [colour, points] of groups) {
    pen.fillStyle = colour;
    for (const { x, y } of points) pen.fillRect(x, y, width, height);
  }
  pen.strokeStyle = dark ? "#ffffff" : "#000000";
  pen.lineWidth = 2;
  for (const id of marked) {
    const at = drawing.positions.get(id);
    if (at)
      pen.strokeRect(at.x * view.zoom + view.x - 2, at.y * view.zoom + view.y - 2, width + 4, height + 4);
  }
}

/** The node under a point of the screen, the topmost first. */
export function nodeAt(
  positions: ReadonlyMap<string, Point>,
  view: View,
  x: number,
  y: number,
): string | undefined {
  const [left, top] = [(x - view.x) / view.zoom, (y - view.y) / view.zoom];
  let found: string | undefined;
  for (const [id, at] of positions) {
    if (left >= at.x && top >= at.y && left <= at.x + NODE_WIDTH && top <= at.y + NODE_HEIGHT) found = id;
  }
  return found;
}
