import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Run } from "@/api/shapes";
import { Listing } from "@/parts/Listing";
import { RunLook } from "@/parts/RunLook";
import { took } from "@/parts/time";
import { When } from "@/parts/When";
import type { Draft } from "./useDraft";

/** The runs of this workflow, the newest first. */
export function Runs({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  return (
    <Listing<Run>
      name="runs"
      rowKey="id"
      more={{ workflow: draft.name }}
      empty={t("runs.none")}
      tools={<Link to={`/runs?workflow=${encodeURIComponent(draft.name)}`}>{t("runs.all")}</Link>}
      columns={[
        {
          title: t("runs.run"),
          key: "id",
          render: (_, run) => <Link to={`/runs/${run.id}`}>#{run.id}</Link>,
        },
        { title: t("runs.status"), key: "status", render: (_, run) => <RunLook run={run} /> },
        { title: t("runs.trigger"), key: "trigger", render: (_, run) => t(`runs:trigger.${run.trigger}`) },
        { title: t("runs.version"), dataIndex: "version", key: "version" },
        { title: t("runs.by"), key: "by", render: (_, run) => run.creator.name },
        { title: t("runs.started"), key: "started", render: (_, run) => <When at={run.startedAt} /> },
        {
          title: t("runs.took"),
          key: "took",
          render: (_, run) => took(run.startedAt, run.finishedAt, Date.now()),
        },
      ]}
    />
  );
}
