import {
  CheckOutlined,
  CloseOutlined,
  FastForwardOutlined,
  ForkOutlined,
  MoreOutlined,
  PauseOutlined,
  PlayCircleOutlined,
  RedoOutlined,
  RollbackOutlined,
  ScissorOutlined,
  StepForwardOutlined,
  StopOutlined,
  SyncOutlined,
} from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Select, Space } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@/api/client";
import { ErrorNote } from "@/parts/Fault";
import type { RunDetail, StepDetail } from "./shapes";

export const ICONS: Record<string, ReactNode> = {
  pause: <PauseOutlined aria-hidden />,
  resume: <PlayCircleOutlined aria-hidden />,
  terminate: <StopOutlined aria-hidden />,
  retry: <RedoOutlined aria-hidden />,
  rollback: <RollbackOutlined aria-hidden />,
  rerun: <SyncOutlined aria-hidden />,
  rerun_downstream: <FastForwardOutlined aria-hidden />,
  skip: <StepForwardOutlined aria-hidden />,
  cancel: <StopOutlined aria-hidden />,
  break: <ScissorOutlined aria-hidden />,
  approve: <CheckOutlined aria-hidden />,
  reject: <CloseOutlined aria-hidden />,
  choose: <ForkOutlined aria-hidden />,
};

/** Verbs that take something away, or undo work: they ask first and say what they hit. */
export const GRAVE = new Set([
  "terminate",
  "rollback",
  "rerun",
  "rerun_downstream",
  "cancel",
  "break",
  "skip",
  "reject",
]);
const RED = new Set(["terminate", "rollback", "cancel", "break", "reject"]);

/** A key of its own for each deliberate act: asking twice does it once. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** The verbs for a whole run, exactly those that are legal now. */
export function RunVerbs({ run }: { run: RunDetail }) {
  const { t } = useTranslation("runs");
  const { modal } = App.useApp();
  const act = useAct(["run", String(run.id)]);
  const ask = (verb: string) => {
    const go = () => act.mutateAsync({ path: `/runs/${run.id}/${verb}` });
    if (!GRAVE.has(verb)) return void go().catch(() => undefined);
    modal.confirm({
      title: t(`ask.run.${verb}`, { id: run.id, workflow: run.workflow }),
      content: t(`about.run.${verb}`),
      okText: t(`verb.${verb}`),
      okButtonProps: { danger: RED.has(verb) },
      onOk: () => go().catch(() => undefined),
    });
  };
  return (
    <Space wrap size={6} role="toolbar" aria-label={t("verbs.run")}>
      {run.verbs.map((verb) => (
        <Button
          key={verb}
          icon={ICONS[verb]}
          danger={RED.has(verb)}
          loading={act.isPending}
          onClick={() => ask(verb)}
        >
          {t(`verb.${verb}`)}
        </Button>
      ))}
    </Space>
  );
}

interface Act {
  path: string;
  body?: unknown;
}

/** Carries a verb out and reads again what it changed; a refusal is shown as the server says it. */
export function useAct(stale: string[]) {
  const client = useQueryClient();
  const { modal } = App.useApp();
  const { t } = useTranslation("runs");
  return useMutation({
    mutationFn: ({ path, body }: Act) => call("POST", path, { body, key: freshKey() }),
    onError: (error) =>
      void modal.error({ title: t("refused"), content: <ErrorNote error={error} />, icon: null, width: 520 }),
    onSettled: () => client.invalidateQueries({ queryKey: stale }),
  });
}

/** The verbs for one step, and what people decide at it. */
export function StepVerbs({ step }: { step: StepDetail }) {
  const { t } = useTranslation("runs");
  const act = useAct(["run", String(step.runId)]);
  const path = `/runs/${step.runId}/steps/${step.id}`;
  const tell = (verb: string, body?: unknown) => act.mutateAsync({ path: `${path}/${verb}`, body });
  const plain = step.verbs.filter((verb) => !["approve", "reject", "choose"].includes(verb));
  return (
    <div className="step-verbs">
      {step.verbs.includes("approve") && <Vote tell={tell} busy={act.isPending} />}
      {step.verbs.includes("choose") && <Choice step={step} tell={tell} busy={act.isPending} />}
      <Space wrap size={6} role="toolbar" aria-label={t("verbs.step")}>
        {plain.map((verb) => (
          <StepVerb key={verb} verb={verb} step={step} tell={tell} busy={act.isPending} />
        ))}
      </Space>
    </div>
  );
}

type Tell = (verb: string, body?: unknown) => Promise<unknown>;

function StepVerb({ verb, step, tell, busy }: { verb: string; step: StepDetail; tell: Tell; busy: boolean }) {
  const { t } = useTranslation("runs");
  const { modal } = App.useApp();
  const ask = () => {
    const edited = { text: verb === "retry" ? JSON.stringify(step.inputs ?? {}, null, 2) : "" };
    const go = async () => {
      const told = bodyOf(verb, edited.text, step);
      await tell(told.verb, told.body);
    };
    if (verb === "rerun" || verb === "rerun_downstream" || GRAVE.has(verb)) {
      modal.confirm({
        title: t(`ask.step.${verb}`, { name: step.name }),
        content: <About verb={verb} step={step} edited={edited} />,
        okText: t(`verb.${verb}`),
        okButtonProps: { danger: RED.has(verb) },
        onOk: () => go().catch(() => undefined),
      });
    } else void go().catch(() => undefined);
  };
  const editAndRetry = () => {
    const edited = { text: JSON.stringify(step.inputs ?? {}, null, 2) };
    modal.confirm({
      title: t("ask.step.retryWith", { name: step.name }),
      icon: null,
      width: 560,
      content: <JsonInput label={t("inputs")} edited={edited} />,
      okText: t("verb.retry"),
      onOk: async () => {
        await tell("retry", { with: JSON.parse(edited.text) }).catch(() => undefined);
      },
    });
  };
  const button = (
    <Button icon={ICONS[verb]} danger={RED.has(verb)} disabled={busy} onClick={ask}>
      {t(`verb.${verb}`)}
    </Button>
  );
  if (verb !== "retry" || (step.kind !== "task" && step.kind !== "workflow")) return button;
  return (
    <Space.Compact>
      {button}
      <Button
        icon={<MoreOutlined aria-hidden />}
        disabled={busy}
        onClick={editAndRetry}
        aria-label={t("verb.retryWith")}
        title={t("verb.retryWith")}
      />
    </Space.Compact>
  );
}

function bodyOf(verb: string, text: string, step: StepDetail): { verb: string; body?: unknown } {
  if (verb === "rerun_downstream") return { verb: "rerun", body: { scope: "downstream" } };
  if (verb !== "skip" || !text.trim()) return { verb };
  return { verb, body: { outputs: step.kind === "decision" ? { case: text } : JSON.parse(text) } };
}

function About({ verb, step, edited }: { verb: string; step: StepDetail; edited: { text: string } }) {
  const { t } = useTranslation("runs");
  return (
    <>
      <p>{t(`about.step.${verb}`)}</p>
      {verb === "skip" && step.status === "FAILED" && step.kind !== "decision" && (
        <JsonInput label={t("skipOutputs")} edited={edited} />
      )}
      {verb === "skip" && step.kind === "decision" && (
        <Select
          style={{ width: "100%" }}
          aria-label={t("case")}
          placeholder={t("case")}
          options={step.cases.map((value) => ({ value }))}
          onChange={(value: string) => {
            edited.text = value;
          }}
        />
      )}
    </>
  );
}

/** JSON typed by hand; `edited.text` is what stands there now, empty where it is not JSON. */
function JsonInput({ label, edited }: { label: string; edited: { text: string } }) {
  const { t } = useTranslation("runs");
  const [text, setText] = useState(edited.text);
  const good = !text.trim() || isJson(text);
  return (
    <>
      <Input.TextArea
        aria-label={label}
        placeholder={label}
        className="mono"
        autoSize={{ minRows: 3, maxRows: 16 }}
        status={good ? "" : "error"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          edited.text = event.target.value;
        }}
      />
      {!good && <p role="alert">{t("notJson")}</p>}
    </>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function Vote({ tell, busy }: { tell: Tell; busy: boolean }) {
  const { t } = useTranslation("runs");
  const [comment, setComment] = useState("");
  const vote = (verb: string) =>
    void tell(verb, { comment }).then(
      () => setComment(""),
      () => undefined,
    );
  return (
    <div className="step-vote">
      <Input.TextArea
        value={comment}
        maxLength={200}
        showCount
        autoSize={{ minRows: 2, maxRows: 6 }}
        aria-label={t("comment")}
        placeholder={t("comment")}
        onChange={(event) => setComment(event.target.value)}
      />
      <Space>
        <Button type="primary" icon={ICONS.approve} disabled={busy} onClick={() => vote("approve")}>
          {t("verb.approve")}
        </Button>
        <Button danger icon={ICONS.reject} disabled={busy} onClick={() => vote("reject")}>
          {t("verb.reject")}
        </Button>
      </Space>
    </div>
  );
}

function Choice({ step, tell, busy }: { step: StepDetail; tell: Tell; busy: boolean }) {
  const { t } = useTranslation("runs");
  return (
    <div className="step-vote">
      <span>{t("chooseCase")}</span>
      <Space wrap>
        {step.cases.map((name) => (
          <Button
            key={name}
            icon={ICONS.choose}
            disabled={busy}
            onClick={() => void tell("choose", { case: name }).catch(() => undefined)}
          >
            {name}
          </Button>
        ))}
      </Space>
    </div>
  );
}
