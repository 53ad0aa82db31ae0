import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, DatePicker, Empty, Select, Table } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, query } from "@/api/client";
import type { Json } from "@/api/shapes";
import { withChanges } from "@/parts/address";
import { ErrorNote } from "@/parts/Fault";
import { SearchField } from "@/parts/SearchField";
import { When } from "@/parts/When";
import { changesOf } from "./changes";

interface Entry {
  id: number;
  at: string;
  user: { id: number; name: string };
  address: string;
  action: string;
  kind: string;
  object: string;
  before: Json;
  after: Json;
}

interface Entries {
  items: Entry[];
  next: string | null;
}

const LIMIT = 50;
const TEXTS = ["user", "object"] as const;
const CHOICES = {
  action: [
    "create",
    "change",
    "delete",
    "publish",
    "offline",
    "import",
    "start",
    "pause",
    "resume",
    "terminate",
    "retry",
    "rerun",
    "skip",
    "cancel",
    "break",
    "rollback",
    "approve",
    "reject",
    "choose",
    "enable",
    "disable",
    "test",
    "revoke",
    "rotate",
    "install",
    "remove",
    "sign-in",
    "sign-out",
    "sign-in-failed",
    "password",
    "invoke",
  ],
  kind: [
    "workflow",
    "run",
    "step",
    "schedule",
    "target",
    "secret",
    "connection",
    "channel",
    "alarm",
    "user",
    "role",
    "tenant",
    "token",
    "licence",
    "session",
    "invocation",
  ],
} as const;
const WORDS = ["action", "kind"] as const;

/** Who changed what, when, from where; newest first. */
export function Audit() {
  const { t } = useTranslation("admin");
  const [params, setParams] = useSearchParams();
  const asked = Object.fromEntries(
    [...TEXTS, ...WORDS, "since", "until"].map((key) => [key, params.get(key) ?? ""]),
  );
  const found = useInfiniteQuery({
    queryKey: ["audit", asked],
    queryFn: ({ pageParam, signal }) =>
      get<Entries>(`/audit${query({ ...asked, cursor: pageParam, limit: LIMIT })}`, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const show = (changes: Record<string, string>) => setParams(withChanges(params, changes));
  return (
    <>
      <p className="hint">{t("audit.hint")}</p>
      <Filters asked={asked} show={show} />
      {found.error ? (
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Table<Entry>
          rowKey="id"
          size="middle"
          loading={found.isPending}
          dataSource={found.data?.pages.flatMap((each) => each.items) ?? []}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Empty description={t("audit.empty")} /> }}
          expandable={{
            columnTitle: <span className="unseen">{t("col.more")}</span>,
            expandedRowRender: (row) => <Changes of={row} />,
          }}
          columns={[
            { title: t("audit.at"), key: "at", render: (_, row) => <When at={row.at} /> },
            { title: t("audit.user"), key: "user", render: (_, row) => row.user.name },
            { title: t("audit.address"), dataIndex: "address" },
            {
              title: t("audit.action"),
              key: "action",
              render: (_, row) => t(`audit.actions.${row.action}`, { defaultValue: row.action }),
            },
            {
              title: t("audit.kind"),
              key: "kind",
              render: (_, row) => t(`audit.kinds.${row.kind}`, { defaultValue: row.kind }),
            },
            { title: t("audit.object"), dataIndex: "object" },
          ]}
        />
      )}
      {found.hasNextPage && (
        <div style={{ textAlign: "center", marginTop: 12 }}>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t("audit.more")}
          </Button>
        </div>
      )}
    </>
  );
}

interface FiltersProps {
  asked: Record<string, string>;
  show: (changes: Record<string, string>) => void;
}

function Filters({ asked, show }: FiltersProps) {
  const { t } = useTranslation("admin");
  const day = (key: string) => (asked[key] ? dayjs(asked[key]) : null);
  return (
    <search className="list-tools">
      {TEXTS.map((key) => (
        <SearchField
          label={t(`audit.by.${key}`)}
          key={key + asked[key]}
          defaultValue={asked[key]}
          onSearch={(text) => show({ [key]: text.trim() })}
          style={{ width: 170 }}
        />
      ))}
      {WORDS.map((key) => (
        <Select
          key={key}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={t(`audit.by.${key}`)}
          aria-label={t(`audit.by.${key}`)}
          style={{ minWidth: 140 }}
          value={asked[key] || undefined}
          onChange={(value) => show({ [key]: value ?? "" })}
          options={CHOICES[key].map((value) => ({ value, label: t(`audit.${key}s.${value}`) }))}
        />
      ))}
      <DatePicker.RangePicker
        value={[day("since"), day("until")]}
        allowEmpty={[true, true]}
        aria-label={t("audit.when")}
        onChange={(days) =>
          show({
            since: days?.[0]?.startOf("day").toISOString() ?? "",
            until: days?.[1]?.endOf("day").toISOString() ?? "",
          })
        }
      />
    </search>
  );
}

function Changes({ of }: { of: Entry }) {
  const { t } = useTranslation("admin");
  const changes = changesOf(of.before, of.after);
  if (!changes.length) return <span className="quiet">{t("audit.same")}</span>;
  return (
    <table className="changes">
      <thead>
        <tr>
          <th>{t("audit.field")}</th>
          <th>{t("audit.before")}</th>
          <th>{t("audit.after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <td className="mono">{path || "–"}</td>
            <td>{before === null ? <span className="quiet">–</span> : <del>{before}</del>}</td>
            <td>{after === null ? <span className="quiet">–</span> : <ins>{after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
