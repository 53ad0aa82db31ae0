import Form from "@rjsf/antd";
import type { ErrorSchema, RJSFSchema } from "@rjsf/utils";
import { useQuery } from "@tanstack/react-query";
import { Alert, Checkbox, Modal, Select } from "antd";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, call, freshKey, get, type Problem } from "@/api/client";
import { workflowPath } from "@/api/paths";
import type { Json, Page, Run } from "@/api/shapes";
import { ErrorNote } from "./Fault";
import { listButtons } from "./listButtons";
import { Pending } from "./Pending";
import { byPath, elsewhere, type ParamsOf, paramsOf, unchecked, valuesOf } from "./params";
import { useUnsaved } from "./unsaved";
import { useAttempt } from "./useAttempt";
import { useFocusBack } from "./useFocusBack";

interface Target {
  id: number;
  type: string;
  name: string;
}

interface RunDialogProps {
  name: string;
  version: number;
  /** What else should be known before it starts. */
  note?: ReactNode;
  onStarted: (id: number) => void;
  onClose: () => void;
}

const MOST = 500; // targets offered

/** Starts a published version: its parameters as a form, its target, and whether to rehearse only. */
export function RunDialog({ name, version, note, onStarted, onClose }: RunDialogProps) {
  useFocusBack();
  const { t } = useTranslation("workflows");
  const path = workflowPath(name);
  const found = useQuery({
    queryKey: ["workflow", name, "version", version],
    queryFn: ({ signal }) =>
      get<{ document: { [key: string]: Json } }>(`${path}/versions/${version}`, signal),
  });
  const asked = useMemo(
    () => paramsOf(found.data?.document, { secret: t("run.secret"), json: t("run.json") }),
    [found.data, t],
  );
  const [given, setGiven] = useState<Record<string, Json>>({});
  const [target, setTarget] = useState<number | null>(null);
  const [mock, setMock] = useState(false);
  const typed = useRef(false);
  useUnsaved(() => typed.current);
  const { busy, error, attempt } = useAttempt();
  const [key] = useState(freshKey);
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null)
      fields.current?.querySelector(".ant-form-item-has-error")?.scrollIntoView({ block: "center" });
  }, [error]);
  useEffect(() => {
    if (found.data) fields.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [found.data]);
  const start = () =>
    attempt(async () => {
      const { params, bad } = valuesOf(asked, given);
      if (bad.length) throw unreadable(bad, t("run.notJson"));
      const targets = target === null ? [] : [{ id: target }];
      const { data } = await call<Run>("POST", `${path}/runs`, {
        body: { params, targets, mock, version },
        key,
      });
      typed.current = false;
      onStarted(data.id);
    });
  const told = elsewhere(error, asked.schema);
  return (
    <Modal
      open
      width={560}
      title={t("run.title", { name, version })}
      okText={mock ? t("run.rehearse") : t("run.start")}
      confirmLoading={busy}
      okButtonProps={{ disabled: !found.data }}
      onOk={() => void start()}
      onCancel={onClose}
      destroyOnHidden
      mask={{ closable: false }} // a click beside it takes nothing that was typed
    >
      {note}
      {found.isPending && <Pending />}
      {found.error && <ErrorNote error={found.error} />}
      {found.data && (
        <>
          <div ref={fields}>
            <Params
              asked={asked}
              value={given}
              onChange={setGiven}
              onTyped={() => (typed.current = true)}
              problems={problemsOf(error)}
            />
            {asked.target && <TargetPick type={asked.target} value={target} onChange={setTarget} />}
          </div>
          <Checkbox checked={mock} onChange={(event) => setMock(event.target.checked)}>
            {t("run.mock")}
          </Checkbox>
          <p className="quiet">{t("run.aboutMock")}</p>
        </>
      )}
      {told !== null && <ErrorNote error={told} />}
    </Modal>
  );
}

/** Told like what the server finds wrong. */
function unreadable(names: string[], message: string): ApiError {
  const problems = names.map((name) => ({ path: `params.${name}`, code: "json", message }));
  return new ApiError(0, "json", message, problems, null);
}

function problemsOf(error: unknown): Problem[] {
  return error instanceof ApiError ? error.problems : [];
}

interface ParamsProps {
  asked: ParamsOf;
  value: Record<string, Json>;
  onChange: (value: Record<string, Json>) => void;
  /** Called when it was a person who changed it; the form fills in defaults by itself. */
  onTyped: () => void;
  problems: Problem[];
}

/** The form is made from the workflow's JSON Schema; what is wrong the server says, field by field. */
function Params({ asked, value, onChange, onTyped, problems }: ParamsProps) {
  const { t } = useTranslation("workflows");
  if (!Object.keys(asked.schema.properties ?? {}).length)
    return <Alert type="info" showIcon title={t("run.noParams")} style={{ marginBottom: 12 }} />;
  return (
    <Form
      tagName="div"
      schema={asked.schema as RJSFSchema}
      uiSchema={{ "ui:submitButtonOptions": { norender: true }, ...asked.ui }}
      formData={value}
      validator={unchecked}
      templates={{ ButtonTemplates: listButtons }}
      formContext={{ labelAlign: "left", colon: false }}
      noValidate
      showErrorList={false}
      extraErrors={byPath(problems, asked.schema) as ErrorSchema}
      onChange={(event, field) => {
        if (field) onTyped();
        onChange((event.formData ?? {}) as Record<string, Json>);
      }}
    />
  );
}

function TargetPick(props: { type: string; value: number | null; onChange: (id: number | null) => void }) {
  const { t } = useTranslation("workflows");
  const found = useQuery({
    queryKey: ["targets", props.type, "all"],
    queryFn: ({ signal }) =>
      get<Page<Target>>(`/targets?type=${encodeURIComponent(props.type)}&size=${MOST}`, signal),
  });
  return (
    <div style={{ marginBottom: 16 }}>
      <label htmlFor="run-target">{t("run.target", { type: props.type })}</label>
      <Select
        id="run-target"
        showSearch={{ optionFilterProp: "label" }}
        allowClear
        style={{ width: "100%" }}
        value={props.value}
        loading={found.isPending}
        options={found.data?.items.map((each) => ({ value: each.id, label: each.name }))}
        onChange={(id) => props.onChange(id ?? null)}
      />
    </div>
  );
}
