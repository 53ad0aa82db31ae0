import { FilterFilled, ReloadOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Empty, Table, type TableProps } from "antd";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { get, query } from "@/api/client";
import type { Page } from "@/api/shapes";
import { type ListState, type Offered, readState, SIZES, USUAL, withChanges } from "./address";
import { ErrorNote } from "./Fault";
import "./parts.css";
import { SearchField } from "./SearchField";
import { usePageNames } from "./usePageNames";

type Columns<T> = NonNullable<TableProps<T>["columns"]>;

export interface ListingProps<T> {
  /** Where the API has it, and the key under which it is kept: a change can have it read anew. */
  name: string;
  rowKey: keyof T & string;
  /** One with `filters` or a `sorter` is known to the server by its `key`. */
  columns: Columns<T>;
  /** What can be done with a row, at its end. */
  acts?: false | ((row: T) => ReactNode);
  search?: string;
  /** The server's word for the search. */
  searchAs?: string;
  tools?: ReactNode;
  /** What to do where there is nothing yet. */
  empty: ReactNode;
  /** What else is asked for. */
  more?: Record<string, string>;
  expandable?: TableProps<T>["expandable"];
  rowSelection?: TableProps<T>["rowSelection"];
}

/** A list with search, choices of columns, order and pages, as they stand in the address. */
export function Listing<T extends object>(props: ListingProps<T>) {
  const { t } = useTranslation();
  const { searchAs = "search" } = props;
  const [params, setParams] = useSearchParams();
  const state = readState(params, searchAs, offeredBy(props.columns));
  const { search, sort, filters, page, size } = state;
  const change = (changes: Parameters<typeof withChanges>[1]) => setParams(withChanges(params, changes));
  const asked = query({ ...props.more, ...filters, [searchAs]: search, sort, page, size });
  const found = useQuery({
    queryKey: [props.name, asked],
    queryFn: ({ signal }) => get<Page<T>>(`/${props.name}${asked}`, signal),
    placeholderData: keepPreviousData,
  });
  const changed: TableProps<T>["onChange"] = (pages, chosen, sorter, { action }) => {
    if (action === "filter")
      change(Object.fromEntries(Object.keys(filters).map((key) => [key, (chosen[key] ?? []).map(String)])));
    else if (action === "sort") change({ sort: sortOf([sorter].flat()[0]) });
    else {
      const { current = 1, pageSize = size } = pages;
      change({
        page: current > 1 && pageSize === size ? String(current) : "",
        size: pageSize === USUAL ? "" : String(pageSize),
      });
    }
  };
  const last = Math.ceil((found.data?.total ?? 0) / size);
  const beyond = !found.isPlaceholderData && last > 0 && page > last; // what stood there has been deleted
  useEffect(() => {
    if (beyond) setParams((before) => withChanges(before, { page: String(last) }), { replace: true });
  }, [beyond, last, setParams]);
  const narrowed = [search, ...Object.values(filters).flat()].some(Boolean);
  const columns = useColumns(props, state);
  const pageNames = usePageNames();
  return (
    <>
      <div className="list-tools">
        {props.search && (
          <SearchField
            key={search}
            label={props.search}
            defaultValue={search}
            onSearch={(text) => change({ [searchAs]: text })}
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
      {found.error && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {(found.data || !found.error) && (
        <Table<T>
          rowKey={props.rowKey}
          size="middle"
          columns={columns}
          dataSource={found.data?.items ?? []}
          loading={found.isPending || beyond}
          expandable={props.expandable}
          rowSelection={
            props.rowSelection && {
              getTitleCheckboxProps: () => ({ "aria-label": t("list.chooseAll") }) as object,
              ...props.rowSelection,
            }
          }
          onChange={changed}
          scroll={{ x: "max-content" }}
          locale={{ emptyText: <Empty description={narrowed ? t("list.nothing") : props.empty} /> }}
          pagination={{
            ...pageNames,
            current: page,
            pageSize: size,
            total: found.data?.total ?? 0,
            showSizeChanger: true,
            pageSizeOptions: SIZES,
            hideOnSinglePage: !found.data || found.data.total <= USUAL,
            showTotal: (total) => t("list.total", { count: total }),
          }}
        />
      )}
    </>
  );
}

function offeredBy<T>(columns: Columns<T>): Offered {
  const filters = columns.flatMap(({ key, filters }) =>
    filters ? [[String(key), filters.map(({ value }) => String(value))] as const] : [],
  );
  const sorts = columns.flatMap(({ key, ...column }) => ("sorter" in column ? [String(key)] : []));
  return { filters: Object.fromEntries(filters), sorts };
}

/** The columns with what is chosen in each of them, and the acts at the end. */
function useColumns<T>({ columns, acts }: ListingProps<T>, { filters, sort }: ListState): Columns<T> {
  const { t } = useTranslation();
  const [sorted, direction] = sort.split(",");
  const funnel = (column: unknown) => <FilterFilled aria-label={t("list.filter", { column })} />;
  const shown = columns.map((column): Columns<T>[number] => {
    const filteredValue = filters[String(column.key)];
    const order = direction === "asc" ? "ascend" : "descend";
    return {
      ...column,
      ...(filteredValue ? { filteredValue, filterIcon: funnel(column.title) } : {}),
      ...("sorter" in column ? { sortOrder: sorted === column.key ? order : null } : {}),
    };
  });
  if (!acts) return shown;
  const title = t("list.acts");
  return [...shown, { title, key: "acts", fixed: "end", align: "right", render: (_, row) => acts(row) }];
}

function sortOf({ columnKey, order }: { columnKey?: React.Key; order?: string | null } = {}): string {
  return order ? `${columnKey},${order === "ascend" ? "asc" : "desc"}` : "";
}
