import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { call, freshKey, get } from "@/api/client";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import { BulkDialog } from "@/parts/BulkDialog";
import { BulkMenu } from "@/parts/BulkMenu";
import { pooled } from "@/parts/pooled";
import type { RunDetail } from "./shapes";
import { ICONS } from "./verbs";

const VERBS = ["retry", "rerun", "pause", "resume", "terminate", "rollback"];

interface Candidate {
  id: number;
  /** As it stands now; null where it is no longer there. */
  run: RunDetail | null;
}

const look = (id: number): Promise<Candidate> =>
  get<RunDetail>(`/runs/${id}`).then(
    (run) => ({ id, run }),
    () => ({ id, run: null }),
  );

/** Verbs for the chosen runs. */
export function Bulk({ chosen, onDone }: { chosen: number[]; onDone: () => void }) {
  const { t } = useTranslation("runs");
  return (
    <BulkMenu
      count={chosen.length}
      verbs={VERBS.map((key) => ({ key, icon: ICONS[key], label: t(`verb.${key}`) }))}
      dialog={(verb, onClose) => <RunsDialog {...{ verb, onClose }} ids={chosen} />}
      list="runs"
      onDone={onDone}
    />
  );
}

interface RunsDialogProps {
  verb: string;
  ids: number[];
  onClose: (done: boolean) => void;
}

/** Looks at the chosen runs anew: a list may be older than what has happened since. */
function RunsDialog({ verb, ids, onClose }: RunsDialogProps) {
  const { t } = useTranslation("runs");
  const found = useQuery({
    queryKey: ["bulk", verb, ids],
    queryFn: () => pooled(ids, look),
    staleTime: 0,
    gcTime: 0,
  });
  const isLegal = ({ run }: Candidate) => run?.verbs.includes(verb) ?? false;
  const hit = found.data?.filter(isLegal) ?? [];
  const spared = found.data?.filter((each) => !isLegal(each)) ?? [];
  return (
    <BulkDialog<Candidate>
      title={t("bulk.title", { verb: t(`verb.${verb}`), count: hit.length })}
      verb={t(`verb.${verb}`)}
      about={t(`about.run.${verb}`)}
      danger={verb !== "resume"}
      finding={found.isPending}
      hit={hit}
      spared={{ title: t("bulk.spared", { count: spared.length }), items: spared }}
      name={({ id, run }) => (
        <>
          <code>#{id}</code>
          <span>{run?.workflow ?? t("bulk.gone")}</span>
        </>
      )}
      state={({ run }) => run && <LookMark look={lookOf(run)} />}
      act={({ id }) => call("POST", `/runs/${id}/${verb}`, { key: freshKey() })}
      onClose={onClose}
    />
  );
}
