// Tables: dense on a desk, cards on a phone (each cell then names its column). Rows can be chosen for bulk actions.
import type { ComponentChildren } from "preact";
import type { Refusal } from "../client";
import { Empty, Loading, Refused } from "./show";

export interface Column<T> {
  title: string;
  cell: (item: T) => ComponentChildren;
  numeric?: boolean;
  main?: boolean; // names the row
}

interface TableProps<T> {
  caption: string;
  columns: Column<T>[];
  items: T[];
  keyOf: (item: T) => string | number;
  nameOf?: (item: T) => string; // for whoever cannot see the row; else the key
  loading?: boolean;
  refusal?: Refusal | undefined;
  onRetry?: () => void;
  empty?: ComponentChildren;
  hasMore?: boolean;
  onMore?: () => void;
  chosen?: Set<string | number>;
  onChoose?: (chosen: Set<string | number>) => void;
}

export function Table<T>(props: TableProps<T>) {
  const { items, loading, refusal, onRetry, empty, hasMore, onMore } = props;
  if (refusal) return onRetry ? <Refused refusal={refusal} onRetry={onRetry} /> : <Refused refusal={refusal} />;
  if (items.length === 0) return loading ? <Loading /> : <>{empty ?? <Empty title="Nothing here" />}</>;
  return (
    <div class={loading ? "table-frame waiting" : "table-frame"}>
      <table>
        <caption class="unseen">{props.caption}</caption>
        <thead>
          <Head {...props} />
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={props.keyOf(item)} item={item} table={props} />
          ))}
        </tbody>
      </table>
      {hasMore && (
        <div class="more">
          <button type="button" disabled={loading} onClick={onMore}>
            Show more
          </button>
        </div>
      )}
    </div>
  );
}

function Head<T>({ columns, items, keyOf, chosen, onChoose }: TableProps<T>) {
  const all = items.map(keyOf);
  const whole = chosen !== undefined && all.every((key) => chosen.has(key));
  return (
    <tr>
      {chosen && onChoose && (
        <th class="choose" scope="col">
          <input
            type="checkbox"
            aria-label="Choose all that are shown"
            checked={whole}
            ref={(box) => {
              if (box) box.indeterminate = !whole && chosen.size > 0;
            }}
            onChange={() => onChoose(whole ? new Set() : new Set(all))}
          />
        </th>
      )}
      {columns.map((one) => (
        <th key={one.title} scope="col" class={one.numeric ? "numeric" : ""}>
          {one.title || <span class="unseen">Actions</span>}
        </th>
      ))}
    </tr>
  );
}

function Row<T>({ item, table }: { item: T; table: TableProps<T> }) {
  const { columns, keyOf, chosen, onChoose } = table;
  const key = keyOf(item);
  const name = table.nameOf?.(item) ?? key;
  const toggle = () => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  };
  return (
    <tr class={chosen?.has(key) ? "chosen" : ""}>
      {chosen && (
        <td class="choose">
          <input type="checkbox" aria-label={`Choose ${name}`} checked={chosen.has(key)} onChange={toggle} />
        </td>
      )}
      {columns.map((one) =>
        one.main ? (
          <th key={one.title} scope="row" data-title={one.title}>
            {one.cell(item)}
          </th>
        ) : (
          <td key={one.title} data-title={one.title} class={one.numeric ? "numeric" : ""}>
            {one.cell(item)}
          </td>
        ),
      )}
    </tr>
  );
}
