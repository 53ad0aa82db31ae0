/** Large definitions for tests and measurements: layers of jobs with a few edges between neighbours. */

interface FixtureNode {
  id: string;
  name: string;
  executor: string;
  after?: string[];
}

interface Fixture {
  apiVersion: "headrace/v1";
  kind: "Workflow";
  metadata: { name: string };
  spec: { nodes: FixtureNode[] };
}

/** `count` nodes in layers of `width`; the same every time. */
export function largeDefinition(count: number, width = 25, name = `large-${count}`): Fixture {
  const random = generator(count);
  const nodes: FixtureNode[] = [];
  for (let index = 0; index < count; index++) {
    const layer = Math.floor(index / width);
    const node: FixtureNode = { id: `n${index}`, name: `Job ${index} of layer ${layer}`, executor: "noop" };
    if (layer > 0) node.after = upstreams(random, index, layer, width);
    nodes.push(node);
  }
  return { apiVersion: "headrace/v1", kind: "Workflow", metadata: { name }, spec: { nodes } };
}

function upstreams(random: () => number, index: number, layer: number, width: number): string[] {
  const column = index % width;
  const found = new Set<number>([column]);
  if (random() < 0.5) found.add(Math.min(width - 1, column + 1));
  if (random() < 0.1) found.add(Math.floor(random() * width));
  return [...found].map((each) => `n${(layer - 1) * width + each}`);
}

/** Numbers in [0, 1), the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}
