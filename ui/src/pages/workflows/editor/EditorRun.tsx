import { CloseOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { LookMark } from "@/graph/LookMark";
import { lookOf } from "@/graph/looks";
import type { NodeStatus } from "@/graph/NodeBox";
import type { StatusStore } from "@/graph/statusStore";
import { ErrorNote } from "@/parts/Fault";
import { useRun } from "../../runs/useRun";
import { RunVerbs } from "../../runs/verbs";

interface EditorRunProps {
  id: string;
  onStatuses: (statuses: StatusStore<NodeStatus> | null) => void;
  onClose: () => void;
}

/** The run that was started here: its status, its verbs; the nodes of the canvas show how they stand. */
export function EditorRun({ id, onStatuses, onClose }: EditorRunProps) {
  const { t } = useTranslation("editor");
  const { run, model, ready, failure } = useRun(id);
  useEffect(() => {
    onStatuses(ready ? model.nodes : null);
    return () => onStatuses(null);
  }, [ready, model, onStatuses]);
  if (failure) return <ErrorNote error={failure} />;
  if (!run.data) return null;
  return (
    <section className="editor-run" aria-label={t("run.title", { id })}>
      <Link to={`/runs/${id}`}>{t("run.title", { id })}</Link>
      <LookMark look={lookOf(run.data)} />
      <span className="editor-run-version">{t("run.version", { version: run.data.version })}</span>
      <RunVerbs run={run.data} />
      <Button
        type="text"
        icon={<CloseOutlined aria-hidden />}
        aria-label={t("run.close")}
        onClick={onClose}
      />
    </section>
  );
}
