// All accounts in reach: find, filter, choose several and change them together.
import { useEffect, useState } from "preact/hooks";
import type { Account, FeatureName } from "../../generated/contract";
import { featureName, features } from "../format";
import { useCall, useList, useSettled } from "../hooks";
import { Empty, Foreign, Mark, Meter, Page, Time } from "../parts/show";
import { Table } from "../parts/table";
import { keepQuery, linkTo } from "../router";
import { useSigned } from "../session";
import { Bulk } from "./bulk";
import { NewAccount } from "./new_account";

const doors: FeatureName[] = ["pop3", "imap", "mobile_sync"];

export function Accounts({ query }: { query: URLSearchParams }) {
  const { may } = useSigned();
  const [filter, setFilter] = useState({
    q: query.get("q") ?? "",
    domain: query.get("domain") ?? "",
    status: query.get("status") ?? "",
    feature: query.get("feature") ?? "",
  });
  const [chosen, setChosen] = useState<Set<string | number>>(new Set());
  const [making, setMaking] = useState(false);
  const settled = useSettled(filter);
  const args = {
    ...settled,
    q: settled.q.trim().toLowerCase(),
    status: settled.status as Account["status"],
    feature: settled.feature as FeatureName,
  };
  const list = useList(
    "listAccounts",
    Object.fromEntries(Object.entries(args).filter(([, value]) => value)) as typeof args,
  );
  useEffect(() => {
    keepQuery(settled);
    setChosen(new Set());
  }, [settled]);
  const narrowed = Object.values(settled).some(Boolean);
  return (
    <Page
      title="Accounts"
      actions={
        may("directory:write") && (
          <>
            <a class="button" href={linkTo("import")}>
              Import CSV
            </a>
            <button type="button" class="primary" onClick={() => setMaking(true)}>
              New account
            </button>
          </>
        )
      }
    >
      <Filters filter={filter} setFilter={setFilter} />
      {chosen.size > 0 && (
        <Bulk
          addresses={[...chosen] as string[]}
          onClear={() => setChosen(new Set())}
          onChanged={(account) => list.replace((one) => one.address === account.address, account)}
          onDeleted={(address) => list.replace((one) => one.address === address, null)}
        />
      )}
      <Table
        caption="Accounts"
        items={list.items}
        keyOf={(one) => one.address}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        {...(may("directory:write") ? { chosen, onChoose: setChosen } : {})}
        empty={
          narrowed ? (
            <Empty title="No account is like that">
              <button type="button" onClick={() => setFilter({ q: "", domain: "", status: "", feature: "" })}>
                Show all
              </button>
            </Empty>
          ) : (
            <Empty title="No accounts yet">
              {may("directory:write") && "Make one, or import many from a CSV file."}
            </Empty>
          )
        }
        columns={[
          {
            title: "Address",
            main: true,
            cell: (one) => (
              <>
                <a href={linkTo("accounts", one.address)}>
                  <Foreign text={one.address} />
                </a>
                {one.name && (
                  <span class="under">
                    <Foreign text={one.name} />
                  </span>
                )}
              </>
            ),
          },
          { title: "Doors", cell: (one) => <Doors account={one} /> },
          {
            title: "Storage",
            cell: (one) => <Meter used={one.quota.octets} max={one.quota.octets_max} label="Storage" />,
          },
          { title: "Status", cell: (one) => <StatusMark status={one.status} /> },
          { title: "Made", cell: (one) => <Time at={one.created_at} /> },
        ]}
      />
      {making && <NewAccount domain={settled.domain} onClose={() => setMaking(false)} />}
    </Page>
  );
}

export function StatusMark({ status }: { status: Account["status"] }) {
  return <Mark tone={status === "active" ? "good" : status === "disabled" ? "warn" : "bad"}>{status}</Mark>;
}

function Doors({ account }: { account: Account }) {
  const on = doors.filter((door) => account.features[door]?.enabled);
  return on.length === 0 ? (
    <span class="dim">none</span>
  ) : (
    <span class="doors">
      {on.map((door) => (
        <span key={door} class={door === "mobile_sync" ? "door paid" : "door"}>
          {featureName(door)}
        </span>
      ))}
    </span>
  );
}

type Filter = { q: string; domain: string; status: string; feature: string };

function Filters({ filter, setFilter }: { filter: Filter; setFilter: (filter: Filter) => void }) {
  const domains = useCall("listDomains", { limit: 500 });
  const names = new Set([
    ...(filter.domain ? [filter.domain] : []),
    ...(domains.value?.items ?? []).map((one) => one.name),
  ]);
  const set = (name: keyof Filter) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setFilter({ ...filter, [name]: event.currentTarget.value });
  return (
    <div class="filters" role="search">
      <input
        type="search"
        aria-label="Find an account by the beginning of its address"
        placeholder="Find an address"
        value={filter.q}
        onInput={set("q")}
        autoCapitalize="off"
        spellcheck={false}
      />
      <select aria-label="Domain" value={filter.domain} onChange={set("domain")}>
        <option value="">All domains</option>
        {[...names].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select aria-label="Status" value={filter.status} onChange={set("status")}>
        <option value="">Any status</option>
        {["active", "disabled", "deleted"].map((status) => (
          <option key={status}>{status}</option>
        ))}
      </select>
      <select aria-label="What is on for them" value={filter.feature} onChange={set("feature")}>
        <option value="">Anything on</option>
        {features.map((name) => (
          <option key={name} value={name}>
            With {featureName(name)}
          </option>
        ))}
      </select>
    </div>
  );
}
