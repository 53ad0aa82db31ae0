import { EditOutlined, SendOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "@/api/client";
import { pathOf } from "@/api/paths";
import { useMay } from "@/api/session";
import { Listing } from "@/parts/Listing";
import { Names } from "@/parts/Names";
import { NewButton } from "@/parts/NewButton";
import { RowActs } from "@/parts/RowActs";
import { StateMark, type Tone } from "@/parts/StateMark";
import { useAct } from "@/parts/useAct";
import { useDeletion } from "@/parts/useDeletion";
import { useFocusBack } from "@/parts/useFocusBack";
import { When } from "@/parts/When";
import { type Channel, ChannelForm } from "./channelForm";

const TONES: Record<string, Tone> = { NEW: "new", OK: "good", FAILED: "bad" };

/** The ways over which people are told. */
export function Channels() {
  const { t } = useTranslation("resources");
  const [edited, setEdited] = useState<Channel | "new" | null>(null);
  const [tried, setTried] = useState<Channel | null>(null);
  const may = useMay("RESOURCE_EDITOR");
  const turn = useTurn();
  const deletion = useDeletion("channels", (name) => t("channels.deleteWhat", { name }));
  const acts = (row: Channel) => [
    { name: t("act.test"), icon: <SendOutlined aria-hidden />, do: () => setTried(row) },
    { name: t("act.edit"), icon: <EditOutlined aria-hidden />, do: () => setEdited(row) },
    deletion(pathOf("channels", row.name), row.name),
  ];
  return (
    <>
      <p className="hint">{t("channels.hint")}</p>
      <Listing<Channel>
        name="channels"
        rowKey="name"
        search={t("targets.search")}
        empty={t("channels.empty")}
        tools={may && <NewButton onClick={() => setEdited("new")}>{t("channels.new")}</NewButton>}
        acts={may && ((row) => <RowActs of={row.name} acts={acts(row)} />)}
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
                onChange={(on) => void turn(row, on)}
              />
            ),
          },
          { title: t("col.updatedAt"), key: "at", render: (_, row) => <When at={row.updatedAt} /> },
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

/** Switches a channel on or off. */
function useTurn() {
  const { t } = useTranslation("resources");
  const { act } = useAct();
  return ({ name }: Channel, on: boolean) =>
    act({
      do: () => post(pathOf("channels", name, on ? "/enable" : "/disable"), {}),
      said: t(on ? "channels.nowOn" : "channels.nowOff", { name }),
      stale: ["channels"],
    });
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
          {answer.response && <div className="mono once">{answer.response}</div>}
        </div>
      )}
    </Modal>
  );
}
