// What the palette finds: pages here, workflows and runs by the server's own lists.

import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, get, query } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { useSession } from "@/api/session";
import type { Page, Run, Workflow } from "@/api/shapes";
import { LANGUAGES } from "@/i18n";
import { DESTINATIONS } from "./places";

export interface Jump {
  path: string;
  /** What it is called, from the general to the particular. */
  names: string[];
  run?: Run;
}
export type Kind = "pages" | "workflows" | "runs";
export type Jumps = Record<Kind, Jump[]>;

interface Found {
  jumps: Jumps;
  searching: boolean;
  error: unknown;
}

const PAUSE = 200; // milliseconds without a key before the server is asked
const MOST = 8; // of a kind
const NUMBER = /^#?(\d{1,15})$/;

export function useJumps(text: string): Found {
  const { i18n } = useTranslation();
  const may = useSession().data?.permissions ?? [];
  const asked = useSettled(text.trim());
  const workflows = useWorkflows(asked, may.includes("WORKFLOW_VIEWER"));
  const runs = useRuns(asked, may.includes("TASK_VIEWER"));
  const settled = asked === text.trim();
  const names = LANGUAGES.map((language) => i18n.getFixedT(language));
  const pages = DESTINATIONS.filter(
    (each) => (!each.permission || may.includes(each.permission)) && matches(text, each.names, names),
  );
  return {
    jumps: {
      pages: pages.map(({ path, names }) => ({ path, names: names.map((name) => i18n.t(name)) })),
      workflows: settled ? (workflows.data ?? []) : [],
      runs: settled ? (runs.data ?? []) : [],
    },
    searching: !settled || workflows.isLoading || runs.isLoading,
    error: workflows.error ?? runs.error,
  };
}

/** Whether every word stands in the names, in one of the languages. */
export function matches(text: string, names: string[], languages: TFunction[]): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return languages.some((t) => {
    const said = names.map((name) => t(name).toLowerCase()).join(" ");
    return words.every((word) => said.includes(word));
  });
}

/** The value, once it has stood still for a moment. */
function useSettled(value: string): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useWorkflows(search: string, may: boolean) {
  return useQuery({
    queryKey: ["workflows", "jump", search],
    enabled: may && search !== "",
    queryFn: async ({ signal }) => {
      const found = await get<Page<Workflow>>(`/workflows${query({ search, size: MOST })}`, signal);
      return found.items.map(({ name }): Jump => ({ path: workflowPath(name), names: [name] }));
    },
  });
}

function useRuns(text: string, may: boolean) {
  return useQuery({
    queryKey: ["runs", "jump", text],
    enabled: may && text !== "",
    queryFn: async ({ signal }) => {
      const id = NUMBER.exec(text)?.[1];
      const [exact, named] = await Promise.all([
        id ? runOf(id, signal) : [],
        get<Page<Run>>(`/runs${query({ name: text, size: MOST })}`, signal).then((page) => page.items),
      ]);
      return [...exact, ...named.filter((run) => run.id !== exact[0]?.id)].map(jumpOf);
    },
  });
}

/** The run of this id; none where there is none. */
async function runOf(id: string, signal: AbortSignal): Promise<Run[]> {
  try {
    return [await get<Run>(`/runs/${id}`, signal)];
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return [];
    throw error;
  }
}

function jumpOf(run: Run): Jump {
  return { path: `/runs/${run.id}`, names: [`#${run.id}`, run.workflow], run };
}
