import { DeleteOutlined, EditOutlined, PlusOutlined, SendOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { useMay } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { RowActs } from "@/parts/RowActs";
import { StateMark, type Tone } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { useFocusBack } from "@/parts/useFocusBack";
import { When } from "@/parts/When";
import { type Channel, ChannelForm } from "./channelForm";
import { pathOf } from "./names";

const TONES: Record<string, Tone> = { NEW: "new", OK: "good", FAILED: "bad" };

/** The ways over which people are told. */
export function Channels() {
  const { t } = useTranslation("resources");
  const [edited, setEdited] = useState<Channel | "new" | null>(null);
  const [tried, setTried] = useState<Channel | null>(null);
  const may = useMay("RESOURCE_EDITOR");
  const { change, remove } = useChanges();
  const acts = (row: Channel) => [
    { name: t("act.test"), icon: <SendOutlined aria-hidden />, do: () => setTried(row) },
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    { name: t("act.delete"), icon: <DeleteOutlined aria-hidden />, danger: true, do: () => remove(row) },
  ];
  return (
    <>
      <p className="hint">{t("channels.hint")}</p>
      <Listing<Channel>
        name="channels"
        path="/channels"
        rowKey="name"
        search={t("targets.search")}
        empty={t("channels.empty")}
        tools={
          may && (
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => setEdited("new")}>
              {t("channels.new")}
            </Button>
          )
        }
        columns={[
          { title: t("col.name"), dataIndex: "name" },
          { title: t("col.kind"), key: "kind", render: (_, row) => t(`channels.kind.${row.kind}`) },
          { title: t("col.state"), key: "state", render: (_, row) => <Tested row={row} /> },
          { title: t("channels.usedBy"), key: "used", render: (_, row) => <Names of={row.usedBy} /> },
          {
            title: t("channels.enabled"),
            key: "enabled",
            render: (_, row) => (
              <Switch
                size="small"
                checked={row.enabled}
                disabled={!may}
                aria-label={t("channels.enable", { name: row.name })}
                onChange={(on) => void change(row, on)}
              />
            ),
          },
          { title: t("col.updatedAt"), key: "at", render: (_, row) => <When at={row.updatedAt} /> },
          ...(may
            ? [
                {
                  title: t("col.acts"),
                  key: "acts",
                  fixed: "end" as const,
                  align: "right" as const,
                  render: (_: unknown, row: Channel) => <RowActs of={row.name} acts={acts(row)} />,
                },
              ]
            : []),
        ]}
      />
      {edited && <ChannelForm of={edited} onClose={() => setEdited(null)} />}
      {tried && <Trial of={tried} onClose={() => setTried(null)} />}
    </>
  );
}

function Tested({ row }: { row: Channel }) {
  const { t } = useTranslation("resources");
  return (
    <>
      <StateMark tone={TONES[row.status] ?? "new"}>{t(`channels.status.${row.status}`)}</StateMark>
      {row.lastError && <div className="quiet">{row.lastError}</div>}
    </>
  );
}

function useChanges() {
  const { t } = useTranslation("resources");
  const { act } = useAct();
  const ask = useAsk();
  const stale = ["channels"];
  const change = ({ name }: Channel, on: boolean) =>
    act({
      do: () => post(pathOf("channels", name, on ? "/enable" : "/disable"), {}),
      said: t(on ? "channels.nowOn" : "channels.nowOff", { name }),
      stale,
    });
  const remove = async ({ name }: Channel) => {
    if (!(await ask(t("delete.title"), t("channels.deleteWhat", { name }), t("delete.ok")))) return;
    await act({
      do: () => call("DELETE", pathOf("channels", name)),
      said: t("said.deleted", { name }),
      stale,
    });
  };
  return { change, remove };
}

/** Sends a test message and shows what the other side answered. */
function Trial({ of, onClose }: { of: Channel; onClose: () => void }) {
  useFocusBack();
  const { t } = useTranslation("resources");
  const { act, busy } = useAct();
  const [answer, setAnswer] = useState<{ ok: boolean; response: string } | null>(null);
  const send = async ({ receiver }: { receiver?: string }) => {
    const found = await act({
      do: () =>
        post<{ ok: boolean; response: string }>(pathOf("channels", of.name, "/test"), {
          receiver: receiver ?? "",
        }),
      stale: ["channels"],
    });
    if (found) setAnswer(found);
  };
  return (
    <Modal open title={t("channels.testTitle", { name: of.name })} footer={null} onCancel={onClose}>
      <Form layout="vertical" onFinish={(given) => void send(given)}>
        {of.kind === "email" && (
          <Form.Item name="receiver" label={t("channels.receiver")} extra={t("channels.receiverHelp")}>
            <Input autoFocus />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" icon={<SendOutlined aria-hidden />} loading={busy}>
          {t("channels.send")}
        </Button>
      </Form>
      {answer && (
        <div role="status" style={{ marginTop: 16 }}>
          <StateMark tone={answer.ok ? "good" : "bad"}>
            {t(answer.ok ? "channels.sent" : "channels.notSent")}
          </StateMark>
          {answer.response && <div className="code once">{answer.response}</div>}
        </div>
      )}
    </Modal>
  );
}
