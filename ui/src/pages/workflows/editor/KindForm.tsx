import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Segmented } from "antd";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/shapes";
import type { CodeLanguage } from "./Code";
import { type Raw, removeCase, renameCase } from "./document";
import { ChoiceField, CodeField, FlagField, TextField, TextsField, useTyped, ValueField } from "./fields";
import type { Part } from "./NodeForm";
import { asFlag, asMap, asText, asTexts, orNothing, withKey } from "./values";

/** What a node does, by its kind. */
export function KindForm({ kind, ...part }: Part & { kind: string }) {
  if (kind === "approval") return <Approval {...part} />;
  if (kind === "decision") return <Decision {...part} />;
  if (kind === "timer") return <Timer {...part} />;
  if (kind === "workflow") return <Child {...part} />;
  return <Task {...part} />;
}

/** What stands in editors of their own; every other input is written as YAML below them. */
const SCRIPTS: Record<string, { key: string; language: CodeLanguage }> = {
  shell: { key: "script", language: "shell" },
  ssh: { key: "script", language: "shell" },
  python: { key: "script", language: "python" },
  sql: { key: "sql", language: "sql" },
};
const LINES: Record<string, string[]> = { http: ["url", "method"], sql: ["url"], sleep: [] };
const CONNECTED = new Set(["sql", "ssh", "http"]);

function Task(part: Part) {
  const { t } = useTranslation("editor");
  const { node, known, held } = part;
  return (
    <>
      <ChoiceField
        label={t("field.executor")}
        clearable={false}
        options={known.executors.map((value) => ({ value }))}
        {...held("executor")}
      />
      <Inputs {...part} executor={asText(node.executor) ?? ""} />
    </>
  );
}

function Inputs({ node, known, set, executor }: Part & { executor: string }) {
  const { t } = useTranslation("editor");
  const given = asMap(node.with);
  const put = (key: string, value: Json | undefined) => set({ with: orNothing(withKey(given, key, value)) });
  const script = SCRIPTS[executor];
  const own = new Set([...(script ? [script.key] : []), ...(LINES[executor] ?? [])]);
  if (CONNECTED.has(executor)) own.add("connection");
  const rest = Object.fromEntries(
    Object.entries(given).filter(
      ([key, value]) => !own.has(key) || (key === script?.key && typeof value !== "string"),
    ),
  );
  const setRest = (value: Json | undefined) => {
    const kept = Object.fromEntries(Object.entries(given).filter(([key]) => own.has(key)));
    set({ with: orNothing({ ...kept, ...asMap(value) }) });
  };
  return (
    <>
      {CONNECTED.has(executor) && known.connections.length > 0 && (
        <ChoiceField
          label={t("field.connection")}
          value={asText(given.connection)}
          options={known.connections.map((value) => ({ value }))}
          onChange={(value) => put("connection", value)}
        />
      )}
      {LINES[executor]?.map((key) => (
        <TextField
          key={key}
          label={t(`input.${key}`)}
          value={asText(given[key])}
          onChange={(value) => put(key, value)}
        />
      ))}
      {script && (given[script.key] === undefined || typeof given[script.key] === "string") && (
        <CodeField
          key={executor}
          label={t(`input.${script.key}`)}
          language={script.language}
          value={asText(given[script.key])}
          onChange={(value) => put(script.key, value)}
        />
      )}
      <ValueField
        label={script ? t("field.otherInputs") : t("field.inputs")}
        help={t("help.inputs")}
        value={orNothing(rest)}
        onChange={setRest}
      />
    </>
  );
}

function Child({ node, known, set, held }: Part) {
  const { t } = useTranslation("editor");
  return (
    <>
      <ChoiceField
        label={t("field.workflow")}
        clearable={false}
        options={known.workflows.map((value) => ({ value }))}
        {...held("workflow")}
      />
      <ValueField
        label={t("field.inputs")}
        help={t("help.childInputs")}
        value={node.with}
        onChange={(value) => set({ with: value })}
      />
    </>
  );
}

function Approvers({ node, known, set }: Part) {
  const { t } = useTranslation("editor");
  if (Array.isArray(node.approvers))
    return (
      <ValueField
        label={t("field.approvers")}
        value={node.approvers}
        onChange={(approvers) => set({ approvers })}
      />
    );
  const who = asMap(node.approvers);
  const put = (key: string, value: Json | undefined) =>
    set({ approvers: orNothing(withKey(who, key, value)) });
  return (
    <>
      <TextsField
        label={t("field.roles")}
        options={known.roles}
        value={asTexts(who.roles)}
        onChange={(value) => put("roles", value)}
      />
      <TextsField
        label={t("field.users")}
        options={known.users}
        value={asTexts(who.users)}
        onChange={(value) => put("users", value)}
      />
    </>
  );
}

function Approval(part: Part) {
  const { t } = useTranslation("editor");
  const { node, set, readOnly } = part;
  const needed = asText(node.approvals) ?? "any";
  return (
    <>
      <Approvers {...part} />
      <div className="field">
        <span>{t("field.approvals")}</span>
        <div className="field-line">
          <Segmented
            disabled={readOnly}
            value={needed === "any" || needed === "all" ? needed : "number"}
            options={["any", "all", "number"].map((value) => ({ value, label: t(`approvals.${value}`) }))}
            onChange={(value) =>
              set({ approvals: value === "any" ? undefined : value === "all" ? "all" : 2 })
            }
          />
          {typeof node.approvals === "number" && (
            <Input
              type="number"
              min={1}
              aria-label={t("approvals.number")}
              value={node.approvals}
              onChange={(event) => set({ approvals: Math.max(1, Number(event.target.value) || 1) })}
            />
          )}
        </div>
      </div>
      <FlagField
        label={t("field.allowSelf")}
        value={asFlag(node.allow_self)}
        onChange={(value) => set({ allow_self: value || undefined })}
      />
      <Expires {...part} />
    </>
  );
}

function Expires({ held }: Part) {
  const { t } = useTranslation("editor");
  return <TextField label={t("field.expires")} help={t("help.duration")} {...held("expires")} />;
}

function Decision(part: Part) {
  const { t } = useTranslation("editor");
  const { node, set, change } = part;
  const id = String(node.id);
  const cases = (Array.isArray(node.cases) ? node.cases : []).map(asMap);
  const put = (index: number, keys: Raw) =>
    set({
      cases: cases.map((each, at) =>
        at === index
          ? Object.entries(keys).reduce((made, [key, value]) => withKey(made, key, value || undefined), each)
          : each,
      ),
    });
  return (
    <>
      <div className="field">
        <span>{t("field.cases")}</span>
        <small className="field-help">{t("help.cases")}</small>
        {cases.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a case has no name of its own while it is typed
          <div key={index} className="case">
            <CaseName
              name={asText(each.name) ?? ""}
              onChange={(name) =>
                typeof each.name === "string"
                  ? change((text) => renameCase(text, id, String(each.name), name))
                  : put(index, { name })
              }
            />
            <Input
              aria-label={t("field.when")}
              placeholder={t("field.when")}
              className="mono"
              value={asText(each.when)}
              onChange={(event) => put(index, { when: event.target.value })}
            />
            <Button
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t("removeCase")}
              disabled={cases.length < 2}
              onClick={() => change((text) => removeCase(text, id, index))}
            />
          </div>
        ))}
        <Button
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => set({ cases: [...cases, { name: `case-${cases.length + 1}` }] })}
        >
          {t("addCase")}
        </Button>
      </div>
      <Approvers {...part} />
      <Expires {...part} />
    </>
  );
}

/** Taken when the field is left: edges follow a name, and a half-typed one may be another branch's. */
function CaseName({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const { t } = useTranslation("editor");
  const typed = useTyped(name, (next) => next && onChange(next));
  return <Input aria-label={t("field.caseName")} placeholder={t("field.caseName")} {...typed} />;
}

const WAYS = ["for", "at", "until"] as const;

function Timer({ node, set, held, readOnly }: Part) {
  const { t } = useTranslation("editor");
  const given = WAYS.find((each) => node[each] !== undefined);
  const last = useRef<(typeof WAYS)[number]>("for"); // a field that is empty for a moment stays what it is
  if (given) last.current = given;
  const way = last.current;
  const first = { for: "10m", at: "02:00", until: "params.when" };
  return (
    <>
      <Segmented
        disabled={readOnly}
        aria-label={t("field.timer")}
        value={way}
        options={WAYS.map((value) => ({ value, label: t(`timer.${value}`) }))}
        onChange={(value) => set({ for: undefined, at: undefined, until: undefined, [value]: first[value] })}
      />
      <TextField
        label={t(`timer.${way}`)}
        help={t(`help.timer.${way}`)}
        value={asText(node[way])}
        onChange={(value) => set({ [way]: value })}
      />
      {way !== "for" && (
        <TextField label={t("field.timezone")} placeholder="Asia/Shanghai" {...held("timezone")} />
      )}
      <FlagField
        label={t("field.skippable")}
        value={asFlag(node.skippable) ?? true}
        onChange={(value) => set({ skippable: value ? undefined : false })}
      />
    </>
  );
}
