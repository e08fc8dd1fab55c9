// Who is connected to the mail doors now, and ending one.
import { useEffect, useState } from "preact/hooks";
import type { SessionNow } from "../../generated/contract";
import { call } from "../client";
import { featureName } from "../format";
import { useInterval, useList, useSettled } from "../hooks";
import { attempt } from "../parts/notices";
import { Empty, Foreign, Mark, Page, Time } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { keepQuery, linkTo } from "../router";
import { useSigned } from "../session";

const doors = ["imap", "pop3", "mobile_sync", "submission"] as const;
const periodMs = 5000;

export function Sessions({ query }: { query: URLSearchParams }) {
  const { may } = useSigned();
  const [filter, setFilter] = useState({ account: query.get("account") ?? "", door: query.get("door") ?? "" });
  const settled = useSettled(filter, 300);
  const account = settled.account.trim().toLowerCase();
  const list = useList("listSessions", {
    ...(account ? { account } : {}),
    ...(settled.door ? { door: settled.door as SessionNow["door"] } : {}),
  });
  useEffect(() => keepQuery(settled), [settled]);
  // Not under somebody who has paged further.
  useInterval(() => {
    if (list.items.length <= 50 && !list.loading) void list.reload();
  }, periodMs);
  const end = (one: SessionNow) =>
    attempt(async () => {
      await call("endSession", { session: one.id });
      list.replace((other) => other.id === one.id, { ...one, ending: true });
    }, "It ends within a few seconds");
  const columns: Column<SessionNow>[] = [
    {
      title: "Account",
      main: true,
      cell: (one) => (
        <a href={linkTo("accounts", one.account)}>
          <Foreign text={one.account} />
        </a>
      ),
    },
    {
      title: "Door",
      cell: (one) => (
        <>
          {featureName(one.door)} {one.ending && <Mark tone="warn">ending</Mark>}
        </>
      ),
    },
    {
      title: "From",
      cell: (one) => (
        <>
          <Foreign text={one.address} />
          <span class="under">
            <Foreign text={one.client} />
          </span>
        </>
      ),
    },
    { title: "Since", cell: (one) => <Time at={one.since} /> },
    {
      title: "Served by",
      cell: (one) => (
        <>
          <Foreign text={one.node} />
          <span class="under">process {one.process}</span>
        </>
      ),
    },
    ...(may("sessions:write")
      ? [
          {
            title: "",
            cell: (one: SessionNow) => (
              <span class="row-actions">
                <button
                  type="button"
                  class="quiet small danger"
                  disabled={one.ending}
                  aria-label={`End ${featureName(one.door)} of ${one.account}`}
                  onClick={() => void end(one)}
                >
                  End
                </button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <Page title="Sessions" note="Who is connected now, on all nodes. The list is a few seconds old.">
      <div class="filters" role="search">
        <input
          type="search"
          aria-label="Account"
          placeholder="Address"
          value={filter.account}
          onInput={(event) => setFilter({ ...filter, account: event.currentTarget.value })}
        />
        <select
          aria-label="Door"
          value={filter.door}
          onChange={(event) => setFilter({ ...filter, door: event.currentTarget.value })}
        >
          <option value="">Any door</option>
          {doors.map((door) => (
            <option value={door} key={door}>
              {featureName(door)}
            </option>
          ))}
        </select>
      </div>
      <Table
        caption="Sessions"
        items={list.items}
        keyOf={(one) => one.id}
        columns={columns}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Empty title="Nobody is connected">Sessions of a few seconds are not listed.</Empty>}
      />
    </Page>
  );
}
