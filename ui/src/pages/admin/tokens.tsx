import { StopOutlined } from "@ant-design/icons";
import { Form, Input, Select, Switch } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, post } from "@/api/client";
import { useMay } from "@/api/session";
import { FormDrawer } from "@/parts/FormDrawer";
import { Listing } from "@/parts/Listing";
import { NewButton } from "@/parts/NewButton";
import { Copyable, Once } from "@/parts/Once";
import { RowActs } from "@/parts/RowActs";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { usePick } from "@/parts/usePick";
import { When } from "@/parts/When";

interface Token {
  id: number;
  user: string;
  name: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  token?: string;
}

const DAY = 86_400_000; // milliseconds
const DAYS = [7, 30, 90, 365];

export function stateOf(token: Pick<Token, "expiresAt" | "revokedAt">, now: number) {
  if (token.revokedAt) return "revoked";
  return token.expiresAt && Date.parse(token.expiresAt) <= now ? "expired" : "valid";
}

/** Tokens by which programs call the API in a user's name. */
export function Tokens() {
  const { t } = useTranslation("admin");
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Token | null>(null);
  const [all, pickAll] = usePick("all");
  const may = useMay("USER_ADMIN");
  const revoke = useRevoke();
  const acts = (row: Token) => [
    {
      name: t("act.revoke"),
      icon: <StopOutlined aria-hidden />,
      danger: true,
      off: row.revokedAt !== null,
      do: () => revoke(row),
    },
  ];
  return (
    <>
      <p className="hint">{t("tokens.hint")}</p>
      <Listing<Token>
        name="tokens"
        rowKey="id"
        more={{ all }}
        empty={t("tokens.empty")}
        tools={
          <>
            <NewButton onClick={() => setMaking(true)}>{t("tokens.new")}</NewButton>
            {may && (
              <span className="tool-switch">
                <Switch
                  checked={all === "true"}
                  aria-label={t("tokens.all")}
                  onChange={(on) => pickAll(on ? "true" : undefined)}
                />
                <span aria-hidden>{t("tokens.all")}</span>
              </span>
            )}
          </>
        }
        acts={(row) => <RowActs of={row.name} acts={acts(row)} />}
        columns={[
          { title: t("tokens.name"), dataIndex: "name" },
          ...(all ? [{ title: t("tokens.user"), dataIndex: "user" }] : []),
          { title: t("col.state"), key: "state", render: (_, row) => <Validity of={row} /> },
          { title: t("tokens.created"), key: "created", render: (_, row) => <When at={row.createdAt} /> },
          {
            title: t("tokens.expires"),
            key: "expires",
            render: (_, row) => (row.expiresAt ? <When at={row.expiresAt} /> : t("tokens.never")),
          },
        ]}
      />
      {making && <TokenForm onMade={setMade} onClose={() => setMaking(false)} />}
      {made?.token && !making && (
        <Once title={t("tokens.made", { name: made.name })} onClose={() => setMade(null)}>
          <Copyable text={made.token} />
        </Once>
      )}
    </>
  );
}

const TONES = { valid: "good", expired: "warn", revoked: "off" } as const;

function Validity({ of }: { of: Token }) {
  const { t } = useTranslation("admin");
  const state = stateOf(of, Date.now());
  return <StateMark tone={TONES[state]}>{t(`tokens.state.${state}`)}</StateMark>;
}

function useRevoke() {
  const { t } = useTranslation("admin");
  const { act } = useAct();
  const ask = useAsk();
  return async ({ id, name }: Token) => {
    if (!(await ask(t("tokens.revokeTitle"), t("tokens.revokeWhat", { name }), t("act.revoke")))) return;
    await act({
      do: () => call("DELETE", `/tokens/${id}`),
      said: t("tokens.revoked", { name }),
      stale: ["tokens"],
    });
  };
}

function TokenForm({ onMade, onClose }: { onMade: (token: Token) => void; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const save = async ({ name, days }: { name: string; days: number }) => {
    const expiresAt = days ? new Date(Date.now() + days * DAY).toISOString() : null;
    onMade(await post<Token>("/tokens", { name, expiresAt }));
  };
  return (
    <FormDrawer<{ name: string; days: number }>
      title={t("tokens.new")}
      initial={{ days: 90 }}
      save={save}
      said={t("tokens.done")}
      stale={["tokens"]}
      onClose={onClose}
      submit={t("tokens.make")}
    >
      <Form.Item
        name="name"
        label={t("tokens.name")}
        extra={t("tokens.nameHelp")}
        rules={[{ required: true, message: t("needed") }]}
      >
        <Input autoFocus autoComplete="off" />
      </Form.Item>
      <Form.Item name="days" label={t("tokens.expires")}>
        <Select
          options={[
            ...DAYS.map((count) => ({ value: count, label: t("tokens.days", { count }) })),
            { value: 0, label: t("tokens.never") },
          ]}
        />
      </Form.Item>
    </FormDrawer>
  );
}
