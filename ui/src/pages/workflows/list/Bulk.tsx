import { CloudDownloadOutlined, CloudUploadOutlined, DeleteOutlined, DownOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Dropdown, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import type { Workflow } from "@/api/shapes";
import { pooled } from "@/pages/runs/bulk";
import { State } from "./State";
import { pathOf } from "./work";
import "./list.css";

const VERBS = ["publish", "offline", "delete"] as const;
type Verb = (typeof VERBS)[number];
type Told = Map<string, unknown>;

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
    ? call("DELETE", pathOf(flow.name), { etag: `"${flow.etag}"` })
    : call("POST", `${pathOf(flow.name)}/${verb}`);

/** One verb for all that are chosen. */
export function Bulk({ chosen, onDone }: { chosen: Workflow[]; onDone: () => void }) {
  const { t } = useTranslation("workflows");
  const client = useQueryClient();
  const [verb, setVerb] = useState<Verb | null>(null);
  if (!chosen.length) return null;
  const close = (done: boolean) => {
    setVerb(null);
    if (!done) return;
    onDone();
    void client.invalidateQueries({ queryKey: ["workflows"] });
  };
  const items = VERBS.map((key) => ({
    key,
    icon: ICONS[key],
    label: t(`verb.${key}`),
    danger: key === "delete",
  }));
  return (
    <>
      <Dropdown trigger={["click"]} menu={{ items, onClick: ({ key }) => setVerb(key as Verb) }}>
        <Button>
          {t("bulk.button", { count: chosen.length })} <DownOutlined aria-hidden />
        </Button>
      </Dropdown>
      {verb && <BulkDialog verb={verb} chosen={chosen} onClose={close} />}
    </>
  );
}

interface BulkDialogProps {
  verb: Verb;
  chosen: Workflow[];
  onClose: (done: boolean) => void;
}

/** Names what will be hit and what will not, carries it out, and tells how each of them took it. */
function BulkDialog({ verb, chosen, onClose }: BulkDialogProps) {
  const { t } = useTranslation("workflows");
  const [told, setTold] = useState<Told>(new Map());
  const [state, setState] = useState<"asking" | "acting" | "done">("asking");
  const hit = chosen.filter(FITS[verb]);
  const act = async () => {
    setState("acting");
    await pooled(hit, async (flow) => {
      const error = await carryOut(flow, verb).then(
        () => null,
        (refused: unknown) => refused,
      );
      setTold((before) => new Map(before).set(flow.name, error));
    });
    setState("done");
  };
  return (
    <Modal
      open
      width={640}
      title={t("bulk.title", { verb: t(`verb.${verb}`), count: hit.length })}
      okText={state === "done" ? t("bulk.close") : t(`verb.${verb}`)}
      okButtonProps={{
        danger: verb !== "publish" && state !== "done",
        disabled: !hit.length,
        loading: state === "acting",
      }}
      cancelButtonProps={{ style: state === "asking" ? {} : { display: "none" } }}
      onOk={() => (state === "done" ? onClose(true) : void act())}
      onCancel={() => state !== "acting" && onClose(state === "done")}
    >
      {hit.length > 0 ? (
        <p>{t(`bulk.about.${verb}`)}</p>
      ) : (
        <Alert type="info" showIcon title={t("bulk.none")} />
      )}
      <Flows title={t("bulk.hit", { count: hit.length })} flows={hit} told={told} />
      <Flows
        title={t(`bulk.spared.${verb}`)}
        flows={chosen.filter((flow) => !FITS[verb](flow))}
        told={told}
      />
    </Modal>
  );
}

function Flows({ title, flows, told }: { title: string; flows: Workflow[]; told: Told }) {
  const { t } = useTranslation("workflows");
  if (!flows.length) return null;
  return (
    <section>
      <h3 className="bulk-part">{title}</h3>
      <ul className="bulk-flows">
        {flows.map((flow) => {
          const error = told.get(flow.name);
          return (
            <li key={flow.id}>
              <b>{flow.name}</b>
              {!told.has(flow.name) && <State flow={flow} />}
              {told.has(flow.name) && (
                <span role="status">
                  {error === null
                    ? `✓ ${t("bulk.done")}`
                    : `✗ ${error instanceof Error ? error.message : error}`}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
