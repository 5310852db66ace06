// One thing in full: its properties as pairs, in as many columns as fit.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState, LoadingState, StaleBanner } from "./States";

/** Loading, error and stale states around one read thing. */
export function DetailShell<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data === undefined) {
    return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <LoadingState rows={10} />;
  }
  return (
    <>
      {query.isError && <StaleBanner />}
      {children(query.data)}
    </>
  );
}

export interface Property {
  label: string;
  value: ReactNode;
  /** Takes a whole line. */
  wide?: boolean;
}

export function Properties({ items }: { items: (Property | undefined)[] }) {
  return (
    <dl className="sn-properties">
      {items.map((item) =>
        item === undefined ? null : (
          <div key={item.label} className={item.wide === true ? "sn-property-wide" : undefined}>
            <dt>{item.label}</dt>
            <dd>{item.value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
