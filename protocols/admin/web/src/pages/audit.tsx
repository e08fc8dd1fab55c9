// Who did what, when, from where, with the values before and after.
import { useEffect, useState } from "preact/hooks";
import type { AuditEntry } from "../../generated/contract";
import { timeText } from "../format";
import { useList, useSettled } from "../hooks";
import { Empty, Foreign, Mark, Page, Time } from "../parts/show";
import { Table } from "../parts/table";
import { keepQuery, linkTo } from "../router";

export function Audit({ query }: { query: URLSearchParams }) {
  const [filter, setFilter] = useState({
    who: query.get("who") ?? "",
    object: query.get("object") ?? "",
    since: query.get("since") ?? "",
    until: query.get("until") ?? "",
  });
  const settled = useSettled(filter, 300);
  useEffect(() => keepQuery(settled), [settled]);
  const set = (name: keyof typeof filter) => (event: { currentTarget: HTMLInputElement }) =>
    setFilter({ ...filter, [name]: event.currentTarget.value });
  return (
    <Page title="Audit" note="Every change, and every sign-in to this page.">
      <div class="filters" role="search">
        <input type="search" aria-label="Who did it" placeholder="Who" value={filter.who} onInput={set("who")} />
        <input
          type="search"
          aria-label="To what"
          placeholder="Address or domain"
          value={filter.object}
          onInput={set("object")}
        />
        <label>
          from <input type="date" value={filter.since} onInput={set("since")} />
        </label>
        <label>
          to <input type="date" value={filter.until} onInput={set("until")} />
        </label>
      </div>
      <AuditTable
        filter={{
          ...(settled.who.trim() ? { who: settled.who.trim() } : {}),
          ...(settled.object.trim() ? { object: settled.object.trim() } : {}),
          ...(settled.since ? { since: new Date(settled.since + "T00:00").toISOString() } : {}),
          ...(settled.until ? { until: new Date(settled.until + "T23:59:59.999").toISOString() } : {}),
        }}
      />
    </Page>
  );
}

interface AuditFilter {
  who?: string;
  object?: string;
  since?: string;
  until?: string;
  limit?: number;
}

const kinds: Partial<Record<AuditEntry["kind"], string>> = { account: "accounts", domain: "domains" };
const tones = { create: "good", change: "calm", delete: "bad", sign_in: "calm", restore: "good", end: "warn", run: "calm" } as const;

export function AuditTable({ filter, brief = false }: { filter: AuditFilter; brief?: boolean }) {
  const list = useList("listAudit", filter);
  return (
    <Table<AuditEntry>
      caption="Audit"
      items={list.items}
      keyOf={(one) => one.id}
      loading={list.loading}
      refusal={list.refusal}
      onRetry={() => void list.reload()}
      hasMore={list.hasMore}
      onMore={() => void list.more()}
      empty={<Empty title="Nothing was done" />}
      columns={[
        {
          title: "When",
          cell: (one) => (brief ? <Time at={one.at} /> : <time dateTime={one.at}>{timeText(one.at)}</time>),
        },
        {
          title: "Who",
          cell: (one) => (
            <>
              <Foreign text={one.who} />
              <span class="under">
                <Foreign text={[one.via, one.from].filter(Boolean).join(", ")} />
              </span>
            </>
          ),
        },
        {
          title: "What",
          main: true,
          cell: (one) => (
            <>
              <Mark tone={tones[one.action]}>{one.action.replace("_", "-")}</Mark> {one.kind.replace(/_/g, " ")}
            </>
          ),
        },
        ...(brief
          ? []
          : [
              {
                title: "Of",
                cell: (one: AuditEntry) => {
                  const place = kinds[one.kind];
                  return place && one.action !== "delete" ? (
                    <a href={linkTo(place, one.object)}>
                      <Foreign text={one.object} />
                    </a>
                  ) : (
                    <Foreign text={one.object} />
                  );
                },
              },
            ]),
        { title: "Change", cell: (one) => <Change before={one.before} after={one.after} /> },
      ]}
    />
  );
}

function Change({ before, after }: { before: AuditEntry["before"]; after: AuditEntry["after"] }) {
  const said = (values: AuditEntry["after"], name: string) =>
    values !== null && name in values && !isNothing(values[name]);
  const all = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const names = all.filter((name) => said(before, name) || said(after, name));
  if (names.length === 0) return <span class="dim">–</span>;
  return (
    <ul class="change">
      {names.map((name) => (
        <li key={name}>
          <Foreign text={name.replace(/_/g, " ")} />:{" "}
          {before && name in before && (
            <>
              <del>
                <Foreign text={shown(before[name])} />
              </del>{" "}
            </>
          )}
          {after && name in after && (
            <ins>
              <Foreign text={shown(after[name])} />
            </ins>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Of what was made or deleted there are many that say nothing. */
function isNothing(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function shown(value: unknown): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "string" ? value : JSON.stringify(value);
}
