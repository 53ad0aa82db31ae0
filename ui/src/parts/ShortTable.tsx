import type { UseQueryResult } from "@tanstack/react-query";
import { Empty, Table, type TableProps } from "antd";
import type { Page } from "@/api/shapes";
import { ErrorNote } from "./Fault";
import { usePageNames } from "./usePageNames";

interface ShortTableProps<T> {
  found: UseQueryResult<Page<T>>;
  rowKey: keyof T & string;
  /** What is said where there is nothing. */
  empty: string;
  columns: TableProps<T>["columns"];
}

/** A list that is read whole and shown ten rows at a time. */
export function ShortTable<T extends object>({ found, rowKey, empty, columns }: ShortTableProps<T>) {
  const pageNames = usePageNames();
  if (found.error && !found.data) return <ErrorNote error={found.error} />;
  return (
    <Table<T>
      rowKey={rowKey}
      size="small"
      loading={found.isPending}
      dataSource={found.data?.items ?? []}
      pagination={{ ...pageNames, pageSize: 10, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={empty} /> }}
      columns={columns}
    />
  );
}
