/** Layout off the main thread: a graph in, positions out. */
import { layout } from "./layout";
import type { Graph } from "./model";

self.onmessage = (message: MessageEvent<{ ticket: number; graph: Graph }>) => {
  const { ticket, graph } = message.data;
  self.postMessage({ ticket, positions: [...layout(graph)] });
};
