import { ReloadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Empty, Input, Table, type TableProps } from "antd";
import type { FilterValue } from "antd/es/table/interface";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, query } from "@/api/client";
import type { Page } from "@/api/shapes";
import { ErrorNote } from "./Fault";
import "./parts.css";

const SIZES = [10, 20, 50, 100];
const USUAL = 20;

export interface ListingProps<T> {
  /** Also the key under which it is kept, so that a change can have it read anew. */
  name: string;
  path: string;
  rowKey: keyof T & string;
  columns: NonNullable<TableProps<T>["columns"]>;
  /** What can be done with a row, at its end. */
  acts?: false | ((row: T) => ReactNode);
  search?: string;
  tools?: ReactNode;
  /** What to do where there is nothing yet. */
  empty: ReactNode;
  more?: Record<string, string>;
  expandable?: TableProps<T>["expandable"];
  rowSelection?: TableProps<T>["rowSelection"];
  /** A column's filter was changed; the choice comes back in `more`. */
  onFilter?: (filters: Record<string, FilterValue | null>) => void;
}

/** A list with search and pages, as they stand in the address. */
export function Listing<T extends object>(props: ListingProps<T>) {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const page = Math.max(1, Number(params.get("page")) || 1);
  const size = SIZES.find((each) => each === Number(params.get("size"))) ?? USUAL;
  const search = params.get("search") ?? "";
  const asked = query({ ...props.more, search, page, size });
  const found = useQuery({
    queryKey: [props.name, asked],
    queryFn: ({ signal }) => get<Page<T>>(props.path + asked, signal),
    placeholderData: keepPreviousData,
  });
  const show = (changes: Record<string, string>) => {
    const next = new URLSearchParams(params);
    for (const [key, value] of Object.entries(changes)) value ? next.set(key, value) : next.delete(key);
    setParams(next);
  };
  const narrowed = Boolean(search || (props.onFilter && Object.values(props.more ?? {}).some(Boolean)));
  if (found.error) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  return (
    <>
      <div className="list-tools">
        {props.search && (
          <Input.Search
            key={search}
            allowClear
            defaultValue={search}
            placeholder={props.search}
            aria-label={props.search}
            onSearch={(text) => show({ search: text, page: "" })}
            style={{ width: 280, maxWidth: "100%" }}
          />
        )}
        {props.tools}
        <Button
          icon={<ReloadOutlined aria-hidden />}
          aria-label={t("action.refresh")}
          title={t("action.refresh")}
          onClick={() => void found.refetch()}
        />
      </div>
      <Table<T>
        rowKey={props.rowKey}
        size="middle"
        columns={[...props.columns, ...actsColumn(t("list.acts"), props.acts)]}
        dataSource={found.data?.items ?? []}
        loading={found.isPending}
        expandable={props.expandable}
        rowSelection={props.rowSelection}
        onChange={(_, filters, __, { action }) => action === "filter" && props.onFilter?.(filters)}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty description={narrowed ? t("list.nothing") : props.empty} /> }}
        pagination={{
          current: page,
          pageSize: size,
          total: found.data?.total ?? 0,
          showSizeChanger: true,
          pageSizeOptions: SIZES,
          hideOnSinglePage: !found.data || found.data.total <= USUAL,
          showTotal: (total) => t("list.total", { count: total }),
          onChange: (to, each) =>
            show({
              page: to > 1 && each === size ? String(to) : "",
              size: each === USUAL ? "" : String(each),
            }),
        }}
      />
    </>
  );
}

function actsColumn<T>(title: string, acts: ListingProps<T>["acts"]): ListingProps<T>["columns"] {
  return acts ? [{ title, key: "acts", fixed: "end", align: "right", render: (_, row) => acts(row) }] : [];
}
