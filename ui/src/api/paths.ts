/** The path of what has a name: below the API, and in the pages' own addresses. */
export function pathOf(kind: string, name: string, rest = ""): string {
  return `/${kind}/${encodeURIComponent(name)}${rest}`;
}

export function workflowPath(name: string, rest = ""): string {
  return pathOf("workflows", name, rest);
}
