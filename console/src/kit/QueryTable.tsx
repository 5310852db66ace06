// The one table: reads pages by cursor, shows every state, and is walked with the arrow keys.
import { LeftOutlined, ReloadOutlined, RightOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Listing } from "@/api/types";
import { DateTime } from "./DateTime";
import { EmptyState, ErrorState, LoadingState, StaleBanner } from "./States";

export interface Column<T> {
  key: string;
  title: string;
  /** The title is only read aloud: the cells speak for themselves. */
  titleHidden?: boolean;
  render: (row: T) => ReactNode;
  align?: "start" | "end";
  /** CSS width; the rest share what is left. */
  width?: string;
  /** Left out below 1500 px, where room is short. */
  wideOnly?: boolean;
}

interface QueryTableProps<T> {
  /** Names the table for screen readers. */
  label: string;
  /** Names the list and its filters; a change starts at the first page again. */
  queryKey: readonly unknown[];
  load: (cursor: string | undefined, limit: number, signal: AbortSignal) => Promise<Listing<T>>;
  columns: Column<T>[];
  rowKey: (row: T) => string;
  /** Enter or click on a row. */
  onOpen?: (row: T) => void;
  empty: { title: string; hint?: string; action?: ReactNode };
  /** Filters above the table. */
  toolbar?: ReactNode;
  /** Reads again by itself; absent for lists that change seldom. */
  refreshSeconds?: number;
  pageSize?: number;
}

export function QueryTable<T>(props: QueryTableProps<T>) {
  const { queryKey, load, columns, rowKey, onOpen, empty, toolbar, refreshSeconds, pageSize = 20, label } = props;
  const list = JSON.stringify(queryKey);
  const [place, setPlace] = useState<{ list: string; trail: string[] }>({ list, trail: [] });
  // A changed filter makes the cursors of the former list meaningless.
  const trail = place.list === list ? place.trail : [];
  const cursor = trail.at(-1);
  const query = useQuery({
    queryKey: [...queryKey, { cursor, pageSize }],
    queryFn: ({ signal }) => load(cursor, pageSize, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshSeconds === undefined ? false : refreshSeconds * 1000,
  });
  const next = query.data?.next ?? null;

  return (
    <section className="sn-table-shell" aria-busy={query.isFetching}>
      <div className="sn-toolbar">
        {toolbar}
        <span className="sn-toolbar-end">
          <Refreshed at={query.dataUpdatedAt} />
          <RefreshButton busy={query.isFetching} onClick={() => void query.refetch()} />
        </span>
      </div>
      {query.isError && query.data !== undefined && <StaleBanner />}
      {query.data === undefined ? (
        query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <LoadingState rows={8} />
      ) : query.data.items.length === 0 && trail.length === 0 ? (
        <EmptyState title={empty.title} hint={empty.hint} action={empty.action} />
      ) : (
        <>
          <Rows label={label} rows={query.data.items} columns={columns} rowKey={rowKey} {...(onOpen === undefined ? {} : { onOpen })} />
          {(trail.length > 0 || next !== null) && (
            <Pager
              page={trail.length + 1}
              onPrevious={trail.length === 0 ? undefined : () => setPlace({ list, trail: trail.slice(0, -1) })}
              onNext={next === null ? undefined : () => setPlace({ list, trail: [...trail, next] })}
            />
          )}
        </>
      )}
    </section>
  );
}

function Refreshed({ at }: { at: number }) {
  const { t } = useTranslation();
  if (at === 0) return null;
  return (
    <span className="sn-faint sn-small">
      {t("table.asOf")} <DateTime value={new Date(at).toISOString()} />
    </span>
  );
}

function RefreshButton({ busy, onClick }: { busy: boolean; onClick: () => void }) {
  const { t } = useTranslation();
  return <Button type="text" icon={<ReloadOutlined spin={busy} />} onClick={onClick} aria-label={t("action.refresh")} title={t("action.refresh")} />;
}

function Pager({ page, onPrevious, onNext }: { page: number; onPrevious: (() => void) | undefined; onNext: (() => void) | undefined }) {
  const { t } = useTranslation();
  return (
    <nav className="sn-pager" aria-label={t("table.paging")}>
      <Button icon={<LeftOutlined />} disabled={onPrevious === undefined} onClick={onPrevious}>
        {t("table.previous")}
      </Button>
      <span className="sn-number">{t("table.page", { page })}</span>
      <Button icon={<RightOutlined />} iconPlacement="end" disabled={onNext === undefined} onClick={onNext}>
        {t("table.next")}
      </Button>
    </nav>
  );
}

interface RowsProps<T> {
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
  onOpen?: (row: T) => void;
}

/** The bare table, for rows that are at hand already. */
export function Rows<T>({ label, rows, columns, rowKey, onOpen }: RowsProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);

  const move = (event: KeyboardEvent, index: number, row: T) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter" && onOpen !== undefined) {
      event.preventDefault();
      onOpen(row);
      return;
    }
    const target = stepOf(event.key, index, rows.length);
    if (target === undefined) return;
    event.preventDefault();
    setActive(target);
    (body.current?.rows[target] as HTMLElement | undefined)?.focus();
  };
  const className = (column: Column<T>) => `${column.align === "end" ? "sn-end" : ""} ${column.wideOnly === true ? "sn-wide-only" : ""}`;

  return (
    <div className="sn-table-scroll">
      <table className="sn-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={className(column)} style={{ width: column.width }}>
                {column.titleHidden === true ? <span className="sn-visually-hidden">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr
              key={rowKey(row)}
              tabIndex={onOpen === undefined ? undefined : index === Math.min(active, rows.length - 1) ? 0 : -1}
              className={onOpen === undefined ? undefined : "sn-row-open"}
              onFocus={() => setActive(index)}
              onKeyDown={(event) => move(event, index, row)}
              onClick={(event) => {
                if (onOpen !== undefined && (event.target as HTMLElement).closest("a,button,input,label") === null) onOpen(row);
              }}
            >
              {columns.map((column) => (
                <td key={column.key} className={className(column)}>
                  {column.render(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The row that a key leads to; undefined for keys that do not move. */
export function stepOf(key: string, index: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(index + 1, count - 1);
    case "ArrowUp":
      return Math.max(index - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}
