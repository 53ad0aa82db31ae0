import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Empty, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "@/api/client";
import { useMay } from "@/api/session";
import type { Json, Page } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { useAct } from "@/parts/useAct";
import { SaveBar } from "./SaveBar";
import type { Draft } from "./useDraft";
import "./detail.css";

interface Rule {
  on: string[];
  channel: string;
  to?: string[];
  text?: string;
}

const OCCASIONS = ["start", "end", "success", "failure"];
const VALUES = ["workflow", "run", "node", "status", "reason", "message", "occasion", "planned", "at", "url"];

/** Whom the workflow tells of what. Rules of single jobs are set on the canvas. */
export function Alarms({ draft }: { draft: Draft }) {
  return (
    <AlarmsForm
      key={JSON.stringify(draft.spec.alarms ?? null)}
      draft={draft}
      stored={(draft.spec.alarms ?? []) as unknown as Rule[]}
    />
  );
}

function AlarmsForm({ draft, stored }: { draft: Draft; stored: Rule[] }) {
  const { t } = useTranslation("workflows");
  const may = useMay("WORKFLOW_EDITOR");
  const { act, busy } = useAct();
  const [rules, setRules] = useState<Rule[]>(stored);
  const channels = useQuery({
    queryKey: ["channels", "all"],
    queryFn: ({ signal }) => get<Page<{ name: string; kind: string }>>("/channels?size=500", signal),
  });
  const change = (at: number, rule: Rule) => setRules(rules.map((each, i) => (i === at ? rule : each)));
  const save = (publish: boolean) => {
    const value = rules.length ? (rules.map(tidy) as unknown as Json) : undefined;
    const said = t(publish ? "did.publish" : "did.save", { name: draft.name });
    return act({ do: () => draft.save("alarms", value, publish), said });
  };
  const none = channels.data?.items.length === 0;
  return (
    <>
      <p className="quiet">
        {t("alarms.about")} <Link to="/resources/channels">{t("alarms.channels")}</Link>
      </p>
      {channels.error && <ErrorNote error={channels.error} />}
      {!rules.length && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("alarms.none")} />}
      {rules.map((rule, i) => (
        <RuleForm
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other identity, and are not sorted
          key={i}
          rule={rule}
          may={may}
          channels={channels.data?.items.map((each) => each.name) ?? []}
          onChange={(next) => change(i, next)}
          onRemove={() => setRules(rules.filter((_, at) => at !== i))}
        />
      ))}
      <Button
        icon={<PlusOutlined aria-hidden />}
        disabled={!may || none}
        onClick={() =>
          setRules([...rules, { on: ["failure"], channel: channels.data?.items[0]?.name ?? "" }])
        }
      >
        {t("alarms.add")}
      </Button>
      {none && <p className="quiet">{t("alarms.noChannel")}</p>}
      <SaveBar
        changed={JSON.stringify(rules) !== JSON.stringify(stored)}
        busy={busy}
        may={may}
        onSave={(publish) => void save(publish)}
        onReset={() => setRules(stored)}
      />
    </>
  );
}

function tidy({ on, channel, to, text }: Rule): Rule {
  return { on, channel, ...(to?.length ? { to } : {}), ...(text ? { text } : {}) };
}

interface RuleFormProps {
  rule: Rule;
  may: boolean;
  channels: string[];
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleForm({ rule, may, channels, onChange, onRemove }: RuleFormProps) {
  const { t } = useTranslation("workflows");
  return (
    <fieldset className="rule" disabled={!may}>
      <legend className="quiet">{t("alarms.rule")}</legend>
      <div className="field-row">
        <Checkbox.Group
          disabled={!may}
          value={rule.on}
          onChange={(on) => onChange({ ...rule, on })}
          options={OCCASIONS.map((value) => ({ value, label: t(`alarms.on.${value}`) }))}
        />
        <Select
          aria-label={t("alarms.channel")}
          value={rule.channel}
          onChange={(channel) => onChange({ ...rule, channel })}
          options={channels.map((value) => ({ value, label: value }))}
          style={{ minWidth: 180 }}
          disabled={!may}
        />
        <Select
          mode="tags"
          aria-label={t("alarms.to")}
          placeholder={t("alarms.to")}
          value={rule.to ?? []}
          onChange={(to) => onChange({ ...rule, to })}
          style={{ minWidth: 240 }}
          disabled={!may}
          open={false}
          suffixIcon={null}
        />
        <Button
          icon={<DeleteOutlined aria-hidden />}
          aria-label={t("alarms.remove")}
          disabled={!may}
          onClick={onRemove}
        />
      </div>
      <Input.TextArea
        aria-label={t("alarms.text")}
        placeholder={t("alarms.text")}
        value={rule.text ?? ""}
        onChange={(event) => onChange({ ...rule, text: event.target.value })}
        autoSize={{ minRows: 1, maxRows: 6 }}
        style={{ marginTop: 10 }}
      />
      <div className="quiet mono" style={{ marginTop: 4 }}>
        {VALUES.map((each) => `{${each}}`).join(" ")}
      </div>
    </fieldset>
  );
}
