import { CloudDownloadOutlined, CloudUploadOutlined, DeleteOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Workflow } from "@/api/shapes";
import { BulkDialog } from "@/parts/BulkDialog";
import { BulkMenu } from "@/parts/BulkMenu";
import { State } from "./State";

const VERBS = ["publish", "offline", "delete"] as const;
type Verb = (typeof VERBS)[number];

const ICONS = {
  publish: <CloudUploadOutlined aria-hidden />,
  offline: <CloudDownloadOutlined aria-hidden />,
  delete: <DeleteOutlined aria-hidden />,
};

/** What a verb can be done to; the server has the last word. */
const FITS: Record<Verb, (flow: Workflow) => boolean> = {
  publish: () => true,
  offline: (flow) => flow.published !== null,
  delete: (flow) => flow.published === null,
};

const carryOut = (flow: Workflow, verb: Verb) =>
  verb === "delete"
    ? call("DELETE", workflowPath(flow.name), { etag: `"${flow.etag}"` })
    : call("POST", workflowPath(flow.name, `/${verb}`));

/** Verbs for the chosen workflows. */
export function Bulk({ chosen, onDone }: { chosen: Workflow[]; onDone: () => void }) {
  const { t } = useTranslation("workflows");
  return (
    <BulkMenu<Verb>
      count={chosen.length}
      verbs={VERBS.map((key) => ({
        key,
        icon: ICONS[key],
        label: t(`verb.${key}`),
        danger: key === "delete",
      }))}
      dialog={(verb, onClose) => <WorkflowsDialog {...{ verb, chosen, onClose }} />}
      list="workflows"
      onDone={onDone}
    />
  );
}

interface WorkflowsDialogProps {
  verb: Verb;
  chosen: Workflow[];
  onClose: (done: boolean) => void;
}

function WorkflowsDialog({ verb, chosen, onClose }: WorkflowsDialogProps) {
  const { t } = useTranslation("workflows");
  const hit = chosen.filter(FITS[verb]);
  const spared = chosen.filter((flow) => !FITS[verb](flow));
  return (
    <BulkDialog<Workflow>
      title={t("bulk.title", { verb: t(`verb.${verb}`), count: hit.length })}
      verb={t(`verb.${verb}`)}
      about={t(`bulk.about.${verb}`)}
      danger={verb !== "publish"}
      hit={hit}
      spared={{ title: t(`bulk.spared.${verb}`), items: spared }}
      name={({ name }) => <b>{name}</b>}
      state={(flow) => <State flow={flow} />}
      act={(flow) => carryOut(flow, verb)}
      onClose={onClose}
    />
  );
}
