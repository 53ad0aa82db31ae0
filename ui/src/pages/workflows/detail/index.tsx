import { EditOutlined, PlayCircleOutlined } from "@ant-design/icons";
import { Button, Tabs } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { workflowPath } from "@/api/paths";
import { useMay } from "@/api/session";
import { ErrorNote } from "@/parts/Fault";
import { LinkButton } from "@/parts/LinkButton";
import { Pending } from "@/parts/Pending";
import { Place } from "@/parts/Place";
import { RunDialog } from "@/parts/RunDialog";
import { State } from "../list/State";
import { useVerbs } from "../useVerbs";
import { Alarms } from "./Alarms";
import { Invocation } from "./Invocation";
import { Overview } from "./Overview";
import { Runs } from "./Runs";
import { Schedule } from "./Schedule";
import { type Draft, useDraft } from "./useDraft";
import { Versions } from "./Versions";

const TABS = {
  overview: Overview,
  schedule: Schedule,
  alarms: Alarms,
  invocation: Invocation,
  versions: Versions,
  runs: Runs,
};
type Tab = keyof typeof TABS;

/** One workflow: what it is, when it starts, whom it tells, who may call it, its versions and its runs. */
export default function WorkflowDetail() {
  const { t } = useTranslation("workflows");
  const name = useParams().name ?? "";
  const [params, setParams] = useSearchParams();
  const draft = useDraft(name);
  const tab = (params.get("tab") ?? "overview") as Tab;
  if (draft.error && !draft.flow) return <ErrorNote error={draft.error} retry={draft.reload} />;
  if (!draft.flow) return <Pending />;
  return (
    <Place title={name} lead={draft.flow.remark || undefined} actions={<Acts draft={draft} />}>
      <Tabs
        activeKey={tab in TABS ? tab : "overview"}
        onChange={(key) => setParams(key === "overview" ? {} : { tab: key })}
        destroyOnHidden
        items={(Object.keys(TABS) as Tab[]).map((key) => {
          const Content = TABS[key];
          return { key, label: t(`tab.${key}`), children: <Content draft={draft} /> };
        })}
      />
    </Place>
  );
}

function Acts({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const [editor, manager] = [useMay("WORKFLOW_EDITOR"), useMay("TASK_MANAGER")];
  const [running, setRunning] = useState(false);
  const { name } = draft;
  const { publish, offline, busy } = useVerbs(name);
  const flow = draft.flow as NonNullable<Draft["flow"]>;
  return (
    <>
      <State flow={flow} />
      <LinkButton to={workflowPath(name, "/edit")} icon={<EditOutlined aria-hidden />}>
        {t("verb.edit")}
      </LinkButton>
      {flow.published !== null && (
        <Button disabled={!editor} onClick={() => void offline()}>
          {t("verb.offline")}
        </Button>
      )}
      <Button disabled={!editor} loading={busy} onClick={() => void publish()}>
        {t("verb.publish")}
      </Button>
      <Button
        type="primary"
        icon={<PlayCircleOutlined aria-hidden />}
        disabled={!manager || flow.published === null}
        title={flow.published === null ? t("run.needsPublish") : undefined}
        onClick={() => setRunning(true)}
      >
        {t("verb.run")}
      </Button>
      {running && flow.published !== null && (
        <RunDialog
          name={name}
          version={flow.published}
          onStarted={(id) => navigate(`/runs/${id}`)}
          onClose={() => setRunning(false)}
        />
      )}
    </>
  );
}
