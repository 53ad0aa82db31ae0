import { ReloadOutlined } from "@ant-design/icons";
import { Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { post } from "@/api/client";
import { useMay } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { RowActs } from "@/parts/RowActs";
import { StateMark, type Tone } from "@/parts/StateMark";
import { useAct } from "@/parts/useAct";
import { usePick } from "@/parts/usePick";
import { When } from "@/parts/When";

interface Alarm {
  id: number;
  workflow: string;
  runId: number;
  node: string | null;
  occasion: string;
  channel: string;
  receiver: string;
  status: "PENDING" | "SENT" | "FAILED";
  tries: number;
  response: string | null;
  text: string;
  createdAt: string;
  sentAt: string | null;
  nextAt: string | null;
}

const TONES: Record<Alarm["status"], Tone> = { PENDING: "wait", SENT: "good", FAILED: "bad" };
const STATUSES = Object.keys(TONES);

/** What was told to whom, and how it went. */
export function Alarms() {
  const { t } = useTranslation("admin");
  const [status, pick] = usePick("status");
  const [workflow, pickWorkflow] = usePick("workflow");
  const may = useMay("TASK_MANAGER");
  const { act } = useAct();
  const again = (row: Alarm) =>
    act({ do: () => post(`/alarms/${row.id}/retry`, {}), said: t("alarms.again"), stale: ["alarms"] });
  const acts = (row: Alarm) => [
    { name: t("act.resend"), icon: <ReloadOutlined aria-hidden />, do: () => again(row) },
  ];
  return (
    <>
      <p className="hint">{t("alarms.hint")}</p>
      <Listing<Alarm>
        name="alarms"
        rowKey="id"
        more={{ status, workflow }}
        empty={t("alarms.empty")}
        tools={
          <>
            <Select
              allowClear
              placeholder={t("alarms.all")}
              aria-label={t("col.state")}
              style={{ minWidth: 150 }}
              value={status || undefined}
              onChange={pick}
              options={STATUSES.map((value) => ({ value, label: t(`alarms.status.${value}`) }))}
            />
            {workflow && (
              <button type="button" className="only" onClick={() => pickWorkflow(undefined)}>
                {t("alarms.only", { workflow })} ×
              </button>
            )}
          </>
        }
        expandable={{
          columnTitle: <span className="unseen">{t("col.more")}</span>,
          expandedRowRender: (row) => <Told of={row} />,
        }}
        acts={may && ((row) => row.status === "FAILED" && <RowActs of={`#${row.id}`} acts={acts(row)} />)}
        columns={[
          { title: t("alarms.at"), key: "at", render: (_, row) => <When at={row.createdAt} /> },
          {
            title: t("alarms.about"),
            key: "about",
            render: (_, row) => (
              <Link to={`/runs/${row.runId}`}>
                {row.workflow} #{row.runId}
                {row.node && ` · ${row.node}`}
              </Link>
            ),
          },
          {
            title: t("alarms.occasion"),
            key: "occasion",
            render: (_, row) => t(`alarms.occasions.${row.occasion}`),
          },
          { title: t("alarms.channel"), dataIndex: "channel" },
          { title: t("alarms.receiver"), key: "receiver", render: (_, row) => row.receiver || "–" },
          {
            title: t("col.state"),
            key: "state",
            render: (_, row) => (
              <StateMark tone={TONES[row.status]}>{t(`alarms.status.${row.status}`)}</StateMark>
            ),
          },
          { title: t("alarms.tries"), dataIndex: "tries", align: "right" },
        ]}
      />
    </>
  );
}

function Told({ of }: { of: Alarm }) {
  const { t } = useTranslation("admin");
  return (
    <dl className="told">
      <dt>{t("alarms.text")}</dt>
      <dd className="once">{of.text}</dd>
      {of.response && (
        <>
          <dt>{t("alarms.response")}</dt>
          <dd className="mono once">{of.response}</dd>
        </>
      )}
      <dt>{t("alarms.sentAt")}</dt>
      <dd>
        <When at={of.sentAt} />
      </dd>
      {of.nextAt && (
        <>
          <dt>{t("alarms.nextAt")}</dt>
          <dd>
            <When at={of.nextAt} />
          </dd>
        </>
      )}
    </dl>
  );
}
