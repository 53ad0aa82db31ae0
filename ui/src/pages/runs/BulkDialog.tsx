import { useQuery } from "@tanstack/react-query";
import { Alert, Modal, Progress, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import { type Candidate, candidates, carryOut } from "./bulk";

export interface BulkDialogProps {
  verb: string;
  ids: number[];
  onClose: (done: boolean) => void;
}

/** Shows exactly which runs a verb will hit, carries it out, and tells how each of them took it. */
export function BulkDialog({ verb, ids, onClose }: BulkDialogProps) {
  const { t } = useTranslation("runs");
  const found = useQuery({
    queryKey: ["bulk", verb, ids],
    queryFn: () => candidates(ids, verb),
    staleTime: 0,
    gcTime: 0,
  });
  const [told, setTold] = useState<Map<number, unknown>>(new Map());
  const [state, setState] = useState<"asking" | "acting" | "done">("asking");
  const hit = found.data?.filter((each) => each.legal) ?? [];
  const spared = found.data?.filter((each) => !each.legal) ?? [];
  const act = async () => {
    setState("acting");
    await carryOut(
      hit.map((each) => each.id),
      verb,
      ({ id, error }) => setTold((before) => new Map(before).set(id, error)),
    );
    setState("done");
  };
  const failed = [...told.values()].filter((error) => error !== null).length;
  return (
    <Modal
      open
      width={640}
      title={t("bulk.title", { verb: t(`verb.${verb}`), count: hit.length })}
      okText={state === "done" ? t("bulk.close") : t(`verb.${verb}`)}
      okButtonProps={{
        danger: verb !== "resume" && state !== "done",
        disabled: !hit.length,
        loading: state === "acting",
      }}
      cancelButtonProps={{ style: state === "asking" ? {} : { display: "none" } }}
      onOk={() => (state === "done" ? onClose(true) : void act())}
      onCancel={() => state !== "acting" && onClose(state === "done")}
      destroyOnHidden
    >
      {found.isPending && <Spin />}
      {found.data && (
        <>
          {hit.length > 0 && <p>{t(`about.run.${verb}`)}</p>}
          {!hit.length && <Alert type="info" showIcon title={t("bulk.none")} />}
          {state !== "asking" && (
            <Progress
              percent={Math.round((100 * told.size) / Math.max(1, hit.length))}
              status={failed ? "exception" : undefined}
            />
          )}
          <List title={t("bulk.hit", { count: hit.length })} items={hit} told={told} />
          {spared.length > 0 && (
            <List title={t("bulk.spared", { count: spared.length })} items={spared} told={told} />
          )}
        </>
      )}
    </Modal>
  );
}

function List({ title, items, told }: { title: string; items: Candidate[]; told: Map<number, unknown> }) {
  const { t } = useTranslation("runs");
  if (!items.length) return null;
  return (
    <>
      <h2 className="bulk-title">{title}</h2>
      <ul className="bulk-list">
        {items.map(({ id, run }) => {
          const error = told.get(id);
          return (
            <li key={id}>
              <code>#{id}</code>
              <span>{run?.workflow ?? t("bulk.gone")}</span>
              {run && <LookMark look={lookOf(run)} />}
              {told.has(id) && (
                <span className="bulk-more" role="status">
                  {error === null
                    ? `✓ ${t("bulk.done")}`
                    : `✗ ${error instanceof Error ? error.message : String(error)}`}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
