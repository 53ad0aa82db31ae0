import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Modal, Select, Space, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, get, post } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { useMay } from "@/api/session";
import type { Page } from "@/api/shapes";
import { Copyable, Once } from "@/parts/Once";
import { ShortTable } from "@/parts/ShortTable";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { useFocusBack } from "@/parts/useFocusBack";
import { When } from "@/parts/When";
import type { Block, Draft } from "./useDraft";
import "./detail.css";

interface Token {
  id: number;
  label: string;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedAt: string | null;
  token?: string;
  curl?: string;
}

const DAY = 86_400;
const LIVES = [30, 90, 180, 365];

/** Whether other programs may start it, and the tokens they do it with. */
export function Invocation({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  const may = useMay("WORKFLOW_EDITOR");
  const { act, busy } = useAct();
  const on = ((draft.spec.invocation ?? {}) as Block).enabled === true;
  const published = draft.flow?.published ?? null;
  const ask = useAsk();
  const turn = async (enabled: boolean) => {
    const also = published === null ? "" : await act({ do: () => unpublished(draft.name) });
    if (also === undefined) return;
    if (also && !(await ask(t("invocation.also"), t("invocation.alsoWhat"), t("verb.publish")))) return;
    await act({
      do: () => draft.save("invocation", { enabled }, published !== null),
      said: t(enabled ? "invocation.isOn" : "invocation.isOff"),
    });
  };
  return (
    <>
      <Form layout="vertical">
        <Form.Item label={t("invocation.on")} extra={t("invocation.about")}>
          <Switch
            checked={on}
            loading={busy}
            disabled={!may}
            aria-label={t("invocation.on")}
            onChange={(value) => void turn(value)}
          />
        </Form.Item>
      </Form>
      {on && published === null && <Alert type="info" showIcon title={t("invocation.publishFirst")} />}
      <Tokens name={draft.name} may={may} />
    </>
  );
}

/** What the draft has that the published version has not. */
async function unpublished(name: string): Promise<string> {
  return (await get<{ diff: string }>(workflowPath(name, "/diff"))).diff;
}

function Tokens({ name, may }: { name: string; may: boolean }) {
  const { t } = useTranslation("workflows");
  const { act } = useAct();
  const ask = useAsk();
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<Token | null>(null);
  const path = workflowPath(name, "/tokens");
  const found = useQuery({
    queryKey: ["invocation", name],
    queryFn: ({ signal }) => get<Page<Token>>(path, signal),
  });
  const revoke = async (token: Token) => {
    if (
      await ask(
        t("invocation.ask", { label: token.label || token.id }),
        t("invocation.askWhat"),
        t("invocation.revoke"),
      )
    )
      await act({
        do: () => call("DELETE", `${path}/${token.id}`),
        said: t("invocation.revoked"),
        stale: ["invocation"],
      });
  };
  const rotate = async (token: Token) => {
    const made = await act({ do: () => post<Token>(`${path}/${token.id}/rotate`), stale: ["invocation"] });
    if (made) setShown(made);
  };
  return (
    <section className="block">
      <Space style={{ marginBottom: 12 }}>
        <h2 className="part" style={{ margin: 0 }}>
          {t("invocation.tokens")}
        </h2>
        <Button disabled={!may} onClick={() => setMaking(true)}>
          {t("invocation.create")}
        </Button>
      </Space>
      <ShortTable<Token>
        found={found}
        rowKey="id"
        empty={t("invocation.none")}
        columns={[
          {
            title: t("invocation.label"),
            dataIndex: "label",
            key: "label",
            render: (label, token) => label || `#${token.id}`,
          },
          {
            title: t("invocation.state"),
            key: "state",
            render: (_, token) => <TokenState token={token} />,
          },
          {
            title: t("invocation.expires"),
            key: "expires",
            render: (_, token) => <When at={token.expiresAt} />,
          },
          {
            title: t("invocation.used"),
            key: "used",
            render: (_, token) => <When at={token.lastUsedAt} ago />,
          },
          { title: t("invocation.by"), dataIndex: "createdBy", key: "by" },
          {
            title: t("column.actions"),
            key: "actions",
            render: (_, token) => (
              <Space>
                <Button
                  size="small"
                  disabled={!may || token.revokedAt !== null}
                  onClick={() => void rotate(token)}
                >
                  {t("invocation.rotate")}
                </Button>
                <Button
                  size="small"
                  danger
                  disabled={!may || token.revokedAt !== null}
                  onClick={() => void revoke(token)}
                >
                  {t("invocation.revoke")}
                </Button>
              </Space>
            ),
          },
        ]}
      />
      {making && <NewToken path={path} onClose={() => setMaking(false)} />}
      {shown && <TokenOnce token={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

function TokenState({ token }: { token: Token }) {
  const { t } = useTranslation("workflows");
  if (token.revokedAt) return <StateMark tone="off">{t("invocation.isRevoked")}</StateMark>;
  if (Date.parse(token.expiresAt) < Date.now())
    return <StateMark tone="warn">{t("invocation.isExpired")}</StateMark>;
  return <StateMark tone="good">{t("invocation.isValid")}</StateMark>;
}

/** Asks what the token is for and shows it, until that is closed. */
function NewToken({ path, onClose }: { path: string; onClose: () => void }) {
  useFocusBack();
  const { t } = useTranslation("workflows");
  const { act, busy } = useAct();
  const [form] = Form.useForm<{ label?: string; days: number }>();
  const [made, setMade] = useState<Token | null>(null);
  const make = async ({ label, days }: { label?: string; days: number }) => {
    const body = { label: label ?? "", expiresIn: days * DAY };
    setMade((await act({ do: () => post<Token>(path, body), stale: ["invocation"] })) ?? null);
  };
  if (made) return <TokenOnce token={made} onClose={onClose} />;
  return (
    <Modal
      open
      title={t("invocation.create")}
      confirmLoading={busy}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterOpenChange={(shown) => shown && form.focusField("label")}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ days: 365 }}
        onFinish={(given) => void make(given)}
      >
        <Form.Item name="label" label={t("invocation.label")} extra={t("invocation.aboutLabel")}>
          <Input autoFocus maxLength={200} />
        </Form.Item>
        <Form.Item name="days" label={t("invocation.lives")}>
          <Select
            options={LIVES.map((value) => ({ value, label: t("invocation.days", { count: value }) }))}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** The only time the token is seen. */
function TokenOnce({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const curl = (token.curl ?? "").replace(/https?:\/\/[^/\s'"]+/, window.location.origin);
  return (
    <Once title={t("invocation.once")} onClose={onClose}>
      <Copyable text={token.token ?? ""} />
      <h2 className="part">{t("invocation.call")}</h2>
      <Copyable text={curl} />
    </Once>
  );
}
