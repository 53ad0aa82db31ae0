import { useQuery } from "@tanstack/react-query";
import { Descriptions, Empty, Segmented } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { GraphView } from "@/graph/GraphView";
import { graphOf } from "@/graph/model";
import { LinkButton } from "@/parts/LinkButton";
import { When } from "@/parts/When";
import { Code } from "../editor/Code";
import type { Draft } from "./useDraft";
import "./detail.css";

/** What it is: the draft as a picture and as text, and who changed it last. */
export function Overview({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  const [view, setView] = useState<"graph" | "yaml">("graph");
  const flow = draft.flow as NonNullable<Draft["flow"]>;
  const empty = !(draft.spec.nodes as unknown[] | undefined)?.length;
  return (
    <>
      <Descriptions size="small" column={{ xs: 1, sm: 2, lg: 4 }} bordered className="facts">
        <Descriptions.Item label={t("fact.published")}>{flow.published ?? t("fact.never")}</Descriptions.Item>
        <Descriptions.Item label={t("fact.next")}>
          <When at={flow.nextAt} />
        </Descriptions.Item>
        <Descriptions.Item label={t("fact.changed")}>
          <When at={flow.updatedAt} />
        </Descriptions.Item>
        <Descriptions.Item label={t("fact.by")}>{flow.updatedBy}</Descriptions.Item>
      </Descriptions>
      <Segmented
        aria-label={t("view.title")}
        value={view}
        onChange={setView}
        options={[
          { value: "graph", label: t("view.graph") },
          { value: "yaml", label: t("view.yaml") },
        ]}
      />
      {empty ? (
        <Empty description={t("emptyDraft")} style={{ marginTop: 32 }}>
          <LinkButton to={workflowPath(draft.name, "/edit")} type="primary">
            {t("verb.edit")}
          </LinkButton>
        </Empty>
      ) : view === "graph" ? (
        <Picture draft={draft} />
      ) : (
        <Text draft={draft} />
      )}
    </>
  );
}

function Picture({ draft }: { draft: Draft }) {
  const graph = useMemo(() => graphOf(draft.flow?.document), [draft.flow]);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div className="picture">
      <GraphView graph={graph} statuses={null} selected={selected} onSelect={setSelected} />
    </div>
  );
}

function Text({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  const found = useQuery({
    queryKey: ["workflow", draft.name, "text", draft.flow?.etag],
    queryFn: async () => (await request("GET", workflowPath(draft.name, "?format=yaml"))).text(),
  });
  return <Code language="yaml" label={t("view.yaml")} value={found.data ?? ""} minHeight="320px" />;
}
