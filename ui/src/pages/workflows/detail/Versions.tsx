import { useQuery } from "@tanstack/react-query";
import { Button, Empty, Select, Space } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { stringify } from "yaml";
import { call, get } from "@/api/client";
import { workflowPath } from "@/api/paths";
import { useMay } from "@/api/session";
import type { Json, Page } from "@/api/shapes";
import { ErrorNote } from "@/parts/Fault";
import { ShortTable } from "@/parts/ShortTable";
import { StateMark } from "@/parts/StateMark";
import { useAct, useAsk } from "@/parts/useAct";
import { When } from "@/parts/When";
import { Difference } from "../editor/Conflict";
import "../editor/editor.css";
import type { Draft } from "./useDraft";
import "./detail.css";
import { Pending } from "@/parts/Pending";

interface Version {
  number: number;
  published: boolean;
  createdAt: string;
  createdBy: string;
  document?: { [key: string]: Json };
}

const DRAFT = 0;

/** All published versions, any two of them compared, and an older one taken back into the draft. */
export function Versions({ draft }: { draft: Draft }) {
  const { t } = useTranslation("workflows");
  const path = workflowPath(draft.name, "/versions");
  const found = useQuery({
    queryKey: ["workflow", draft.name, "versions"],
    queryFn: ({ signal }) => get<Page<Version>>(path, signal),
  });
  if (found.error && !found.data) return <ErrorNote error={found.error} />;
  if (!found.data) return <Pending />;
  if (!found.data.items.length) return <Empty description={t("versions.none")} />;
  return (
    <>
      <ShortTable<Version>
        found={found}
        rowKey="number"
        empty={t("versions.none")}
        columns={[
          { title: t("versions.number"), dataIndex: "number", key: "number" },
          {
            title: t("versions.state"),
            key: "state",
            render: (_, version) =>
              version.published && <StateMark tone="good">{t("versions.current")}</StateMark>,
          },
          { title: t("versions.at"), key: "at", render: (_, version) => <When at={version.createdAt} /> },
          { title: t("versions.by"), dataIndex: "createdBy", key: "by" },
          {
            title: t("column.actions"),
            key: "actions",
            render: (_, version) => <TakeBack draft={draft} version={version} path={path} />,
          },
        ]}
      />
      <Compare draft={draft} path={path} versions={found.data.items} />
    </>
  );
}

function TakeBack({ draft, version, path }: { draft: Draft; version: Version; path: string }) {
  const { t } = useTranslation("workflows");
  const may = useMay("WORKFLOW_EDITOR");
  const { act, busy } = useAct();
  const ask = useAsk();
  const take = async () => {
    if (
      !(await ask(t("versions.ask", { number: version.number }), t("versions.askWhat"), t("versions.take")))
    )
      return;
    const restore = async () => {
      const old = await get<Version>(`${path}/${version.number}`);
      const etag = `"${draft.flow?.etag}"`;
      await call("PUT", workflowPath(draft.name), { body: old.document, etag });
      draft.reload();
    };
    await act({ do: restore, said: t("versions.taken", { number: version.number }) });
  };
  return (
    <Button size="small" disabled={!may} loading={busy} onClick={() => void take()}>
      {t("versions.take")}
    </Button>
  );
}

function Compare({ draft, path, versions }: { draft: Draft; path: string; versions: Version[] }) {
  const { t } = useTranslation("workflows");
  const newest = versions[0]?.number ?? DRAFT;
  const [left, setLeft] = useState(versions.find((each) => each.published)?.number ?? newest);
  const [right, setRight] = useState(DRAFT);
  const nameOf = (number: number) =>
    number === DRAFT ? t("versions.draft") : t("versions.version", { number });
  const options = [
    { value: DRAFT, label: nameOf(DRAFT) },
    ...versions.map(({ number }) => ({ value: number, label: nameOf(number) })),
  ];
  const [old, now] = [useText(draft, path, left), useText(draft, path, right)];
  return (
    <section className="block">
      <Space wrap style={{ marginBottom: 12 }}>
        <h2 className="part" style={{ margin: 0 }}>
          {t("versions.compare")}
        </h2>
        <Select
          aria-label={t("versions.left")}
          value={left}
          onChange={setLeft}
          options={options}
          style={{ width: 150 }}
        />
        <Select
          aria-label={t("versions.right")}
          value={right}
          onChange={setRight}
          options={options}
          style={{ width: 150 }}
        />
        {old !== null && old === now && <span className="quiet">{t("versions.same")}</span>}
      </Space>
      {old === null || now === null ? (
        <Pending />
      ) : (
        <Difference left={old} right={now} names={[nameOf(left), nameOf(right)]} />
      )}
    </section>
  );
}

/** A version's document as YAML; null until it is there. */
function useText(draft: Draft, path: string, number: number): string | null {
  const found = useQuery({
    queryKey: ["workflow", draft.name, "version", number],
    queryFn: ({ signal }) => get<Version>(`${path}/${number}`, signal),
    enabled: number !== DRAFT,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const document = number === DRAFT ? draft.flow?.document : found.data?.document;
  return useMemo(() => (document ? stringify(document) : null), [document]);
}
