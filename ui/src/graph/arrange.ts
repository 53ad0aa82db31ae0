/** Asks the layout worker; one worker serves all pages. */
import { layout } from "./layout";
import type { Graph, Point } from "./model";

type Answer = { ticket: number; positions: [string, Point][] };

const SMALL = 40;
let worker: Worker | undefined;
let tickets = 0;
const waiting = new Map<number, (positions: Map<string, Point>) => void>();

/** Computed positions of every node; small graphs are not worth the way to the worker. */
export function arrange(graph: Graph): Promise<Map<string, Point>> {
  if (graph.nodes.length <= SMALL || typeof Worker === "undefined") return Promise.resolve(layout(graph));
  worker ??= started();
  const ticket = ++tickets;
  const plain = { nodes: graph.nodes.map(({ position: _, ...node }) => node), edges: graph.edges };
  return new Promise((resolve) => {
    waiting.set(ticket, resolve);
    worker?.postMessage({ ticket, graph: plain });
  });
}

function started(): Worker {
  const made = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  made.onmessage = (message: MessageEvent<Answer>) => {
    const { ticket, positions } = message.data;
    waiting.get(ticket)?.(new Map(positions));
    waiting.delete(ticket);
  };
  return made;
}
