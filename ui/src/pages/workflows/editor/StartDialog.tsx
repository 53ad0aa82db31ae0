import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Modal, Skeleton } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { call, get } from "@/api/client";
import type { Json, Run } from "@/api/shapes";
import { isMapping } from "@/graph/model";
import { ErrorNote } from "@/parts/Fault";
import { freshKey } from "../../runs/verbs";
import type { Raw } from "./document";
import { FlagField, ValueField } from "./fields";

interface StartDialogProps {
  name: string;
  version: number | null;
  dirty: boolean;
  onStarted: (id: number) => void;
  onClose: () => void;
}

/** Starts the published version, with its parameters as they are by default or as they are written here. */
export function StartDialog({ name, version, dirty, onStarted, onClose }: StartDialogProps) {
  const { t } = useTranslation("editor");
  const path = `/workflows/${encodeURIComponent(name)}`;
  const published = useQuery({
    queryKey: ["workflow", name, "version", version],
    queryFn: ({ signal }) => get<{ document: unknown }>(`${path}/versions/${version}`, signal),
  });
  const [params, setParams] = useState<Json | undefined>(undefined);
  const [mock, setMock] = useState(false);
  useEffect(() => {
    if (published.data) setParams(defaults(published.data.document));
  }, [published.data]);
  const start = useMutation({
    mutationFn: () =>
      call<Run>("POST", `${path}/runs`, { body: { params: params ?? {}, mock }, key: freshKey() }),
    onSuccess: ({ data }) => onStarted(data.id),
  });
  return (
    <Modal
      open
      title={t("start.title", { name, version })}
      okText={t("tool.run")}
      confirmLoading={start.isPending}
      okButtonProps={{ disabled: !published.data }}
      onOk={() => start.mutate()}
      onCancel={onClose}
    >
      {dirty && <Alert type="info" showIcon title={t("start.dirty", { version })} />}
      {published.error ? <ErrorNote error={published.error} /> : null}
      {published.isPending ? (
        <Skeleton active />
      ) : (
        <fieldset className="node-form">
          <ValueField label={t("field.params")} minHeight="110px" value={params} onChange={setParams} />
          <FlagField
            label={t("start.mock")}
            help={t("start.aboutMock")}
            value={mock}
            onChange={(value) => setMock(value ?? false)}
          />
        </fieldset>
      )}
      {start.error ? <ErrorNote error={start.error} /> : null}
    </Modal>
  );
}

/** Every parameter that has a default. */
function defaults(document: unknown): Json | undefined {
  const spec = isMapping(document) ? document.spec : undefined;
  const params = isMapping(spec) && isMapping(spec.params) ? spec.params : {};
  const found: Raw = {};
  for (const [name, schema] of Object.entries(params))
    if (isMapping(schema) && schema.default !== undefined) found[name] = schema.default as Json;
  return Object.keys(found).length ? found : undefined;
}
