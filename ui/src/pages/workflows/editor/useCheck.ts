import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, type Problem } from "@/api/client";
import { isMapping } from "@/graph/model";
import { nodeIndexOf } from "./document";

const SOON = 400; // milliseconds after the last change

interface Checked {
  /** undefined while it is being checked. */
  problems: Problem[] | undefined;
  byNode: ReadonlyMap<string, string[]>;
}

/** What the server says about the text, asked a moment after each change. */
export function useCheck(text: string, value: unknown, name: string): Checked {
  const { i18n } = useTranslation();
  const [found, setFound] = useState<{ text: string; problems: Problem[] } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language asks anew
  useEffect(() => {
    const control = new AbortController();
    const timer = setTimeout(() => {
      const path = `/workflows:check?name=${encodeURIComponent(name)}`;
      call<{ problems: Problem[] }>("POST", path, { text, signal: control.signal }).then(
        ({ data }) => setFound({ text, problems: data.problems }),
        () => undefined, // the server is away: saving will say so
      );
    }, SOON);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [text, name, i18n.language]);
  const problems = found?.problems;
  const byNode = useMemo(() => sorted(problems ?? [], value), [problems, value]);
  return { problems: found?.text === text ? problems : undefined, byNode };
}

/** Problems by the id of the node that their path leads to. */
export function sorted(problems: readonly Problem[], value: unknown): Map<string, string[]> {
  const byNode = new Map<string, string[]>();
  for (const problem of problems) {
    const id = nodeOf(problem, value);
    if (id) byNode.set(id, [...(byNode.get(id) ?? []), problem.message]);
  }
  return byNode;
}

export function nodeOf(problem: Problem, value: unknown): string | null {
  const index = nodeIndexOf(problem.path);
  const spec = isMapping(value) ? value.spec : null;
  const nodes = isMapping(spec) && Array.isArray(spec.nodes) ? spec.nodes : [];
  const node: unknown = index === null ? null : nodes[index];
  return isMapping(node) && typeof node.id === "string" ? node.id : null;
}
