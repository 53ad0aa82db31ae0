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
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Select, Space } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, freshKey } from "@/api/client";
import { useSession } from "@/api/session";
import { useUnsaved } from "@/parts/unsaved";
import { useAct } from "@/parts/useAct";
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
const GRAVE = new Set([
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

/** The verbs for a whole run, exactly those that are legal now. */
export function RunVerbs({ run }: { run: RunDetail }) {
  const { t } = useTranslation("runs");
  const { modal } = App.useApp();
  const { tell, busy } = useVerb(run.id);
  const ask = (verb: string) => {
    const go = () => tell(`/${verb}`);
    if (!GRAVE.has(verb)) return void go();
    modal.confirm({
      title: t(`ask.run.${verb}`, { id: run.id, workflow: run.workflow }),
      content: t(`about.run.${verb}`),
      okText: t(`verb.${verb}`),
      okButtonProps: { danger: RED.has(verb) },
      onOk: go,
    });
  };
  return (
    <Space wrap size={6} role="toolbar" aria-label={t("verbs.run")}>
      {run.verbs.map((verb) => (
        <Button key={verb} icon={ICONS[verb]} danger={RED.has(verb)} loading={busy} onClick={() => ask(verb)}>
          {t(`verb.${verb}`)}
        </Button>
      ))}
    </Space>
  );
}

/** Carries a verb out, once even where it is asked for twice, and reads again what it changed. */
function useVerb(run: number) {
  const { act, busy } = useAct();
  const tell = (path: string, body?: unknown) =>
    act({
      do: () => call("POST", `/runs/${run}${path}`, { body, key: freshKey() }),
      stale: [["run", String(run)]],
    });
  return { tell, busy };
}

/** The verbs for one step, and what people decide at it. */
export function StepVerbs({ step }: { step: StepDetail }) {
  const { t } = useTranslation("runs");
  const verbs = useVerb(step.runId);
  const { busy } = verbs;
  const tell: Tell = (verb, body) => verbs.tell(`/steps/${step.id}/${verb}`, body);
  const plain = step.verbs.filter((verb) => !["approve", "reject", "choose"].includes(verb));
  return (
    <div className="step-verbs">
      {step.verbs.includes("approve") && <Vote tell={tell} busy={busy} />}
      {useIsOwn(step) && <p className="quiet">{t("ownRun")}</p>}
      {step.verbs.includes("choose") && <Choice step={step} tell={tell} busy={busy} />}
      <Space wrap size={6} role="toolbar" aria-label={t("verbs.step")}>
        {plain.map((verb) => (
          <StepVerb key={verb} verb={verb} step={step} tell={tell} busy={busy} />
        ))}
      </Space>
    </div>
  );
}

/** Whether it waits for an approval that this approver may not give, because they started the run. */
function useIsOwn({ runId, wait, verbs, approvers, approvals, votes }: StepDetail): boolean {
  const me = useSession().data?.user;
  const run = useQueryClient().getQueryData<RunDetail>(["run", String(runId)]);
  if (!me || wait !== "approval" || verbs.includes("approve") || run?.creator.id !== me.id) return false;
  if (votes.some((vote) => vote.user === me.id)) return false;
  const asked = approvals === "all" ? approvers.slice(votes.length, votes.length + 1) : approvers; // in turn
  return asked.some(({ role, user }) => user === me.name || (role && me.roles.includes(role)));
}

/** Answers nothing where it was refused. */
type Tell = (verb: string, body?: unknown) => Promise<unknown>;

// A dialog whose `onOk` takes a parameter stays open where that answers nothing: the text is no JSON.
function StepVerb({ verb, step, tell, busy }: { verb: string; step: StepDetail; tell: Tell; busy: boolean }) {
  const { t } = useTranslation("runs");
  const { modal } = App.useApp();
  const ask = () => {
    const edited = { text: "" };
    if (!GRAVE.has(verb)) return void tell(verb);
    modal.confirm({
      title: t(`ask.step.${verb}`, { name: step.name }),
      content: <About verb={verb} step={step} edited={edited} />,
      okText: t(`verb.${verb}`),
      okButtonProps: { danger: RED.has(verb) },
      onOk: (_stays) => {
        if (verb === "rerun_downstream") return tell("rerun", { scope: "downstream" });
        if (verb !== "skip" || !edited.text.trim()) return tell(verb);
        if (step.kind === "decision") return tell(verb, { outputs: { case: edited.text } });
        if (isJson(edited.text)) return tell(verb, { outputs: JSON.parse(edited.text) });
      },
    });
  };
  const editAndRetry = () => {
    const edited = { text: JSON.stringify(step.inputs ?? {}, null, 2) };
    modal.confirm({
      title: t("ask.step.retryWith", { name: step.name }),
      icon: null,
      width: 560,
      content: <JsonInput label={t("inputs")} edited={edited} />,
      okText: t("verb.retry"),
      onOk: (_stays) => {
        if (isJson(edited.text)) return tell("retry", { with: JSON.parse(edited.text) });
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

/** JSON typed by hand; `edited.text` is what stands there now. */
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
  useUnsaved(comment.trim() !== "");
  const vote = async (verb: string) => {
    if (await tell(verb, { comment })) setComment("");
  };
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
        <Button type="primary" icon={ICONS.approve} disabled={busy} onClick={() => void vote("approve")}>
          {t("verb.approve")}
        </Button>
        <Button danger icon={ICONS.reject} disabled={busy} onClick={() => void vote("reject")}>
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
            onClick={() => void tell("choose", { case: name })}
          >
            {name}
          </Button>
        ))}
      </Space>
    </div>
  );
}
