// What an account's mailboxes have lost, for as long as it is kept: look for it, look at a header, bring it back.
import { useEffect, useState } from "preact/hooks";
import type { RemovalDoor, RemovedMessage } from "../../generated/contract";
import { octetsText } from "../format";
import { useList, useSettled } from "../hooks";
import { Card, Empty, Foreign, Page, Time } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { keepQuery, linkTo } from "../router";
import { useSigned } from "../session";
import { RemovedFolders } from "./removed_folders";
import { RemovedHeaderDialog } from "./removed_header";
import { RestoreBar } from "./restore_bar";

const doorNames: Record<RemovalDoor, string> = {
  pop3: "POP3",
  imap: "IMAP",
  mobile_sync: "Mobile Sync",
  admin: "an administrator",
  job: "a rule",
};

const noFilter = { subject: "", sender: "", mailbox: "", door: "", since: "", until: "" };
type Filter = typeof noFilter;

/** As the API is asked: days are the reader's own. */
function matchingOf(filter: Filter) {
  return {
    ...(filter.subject.trim() ? { subject: filter.subject.trim() } : {}),
    ...(filter.sender.trim() ? { sender: filter.sender.trim() } : {}),
    ...(filter.mailbox.trim() ? { mailbox: filter.mailbox.trim() } : {}),
    ...(filter.door ? { door: filter.door as RemovalDoor } : {}),
    ...(filter.since ? { since: new Date(filter.since + "T00:00").toISOString() } : {}),
    ...(filter.until ? { until: new Date(filter.until + "T23:59:59.999").toISOString() } : {}),
  };
}

export function Recovery({ address, query }: { address: string; query: URLSearchParams }) {
  const { may } = useSigned();
  const [filter, setFilter] = useState<Filter>(
    () => Object.fromEntries(Object.keys(noFilter).map((name) => [name, query.get(name) ?? ""])) as Filter,
  );
  const settled = useSettled(filter, 300);
  const matching = matchingOf(settled);
  const list = useList("listRemovedMessages", { account: address, ...matching });
  const [chosen, setChosen] = useState<Set<string | number>>(new Set());
  const [looking, setLooking] = useState<RemovedMessage | null>(null);
  useEffect(() => {
    keepQuery(settled);
    setChosen(new Set());
  }, [settled]);
  const columns: Column<RemovedMessage>[] = [
    {
      title: "Message",
      main: true,
      cell: (one) => (
        <>
          <Foreign text={one.subject || "(no subject)"} />
          <span class="under">
            <Foreign text={one.sender} />
          </span>
        </>
      ),
    },
    { title: "Was in", cell: (one) => <Foreign text={one.mailbox} /> },
    {
      title: "Deleted",
      cell: (one) => (
        <>
          <Time at={one.removed_at} />
          <span class="under">
            by {doorNames[one.door]}
            {one.by !== address && (
              <>
                , <Foreign text={one.by} />
              </>
            )}
          </span>
        </>
      ),
    },
    { title: "Size", numeric: true, cell: (one) => octetsText(one.octets) },
    { title: "Kept", cell: (one) => <Time at={one.kept_until} /> },
    {
      title: "",
      cell: (one) => (
        <span class="row-actions">
          <button
            type="button"
            class="quiet small"
            aria-label={`Header of ${one.subject || "the message"}`}
            onClick={() => setLooking(one)}
          >
            Header
          </button>
        </span>
      ),
    },
  ];
  const restores = may("recovery:write");
  return (
    <Page
      title="Deleted mail"
      crumbs={[
        ["Accounts", linkTo("accounts")],
        [address, linkTo("accounts", address)],
      ]}
      note="What has left the mailboxes of this account, by whatever door. Of a message only the header is shown."
    >
      <Filters filter={filter} setFilter={setFilter} />
      {restores && (
        <RestoreBar
          address={address}
          chosen={[...chosen] as string[]}
          matching={matching}
          onDone={() => {
            setChosen(new Set());
            void list.reload();
          }}
        />
      )}
      <Table
        caption="Deleted messages"
        items={list.items}
        keyOf={(one) => one.id}
        nameOf={(one) => one.subject || "(no subject)"}
        columns={columns}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Nothing narrowed={Object.keys(matching).length > 0} list={list} />}
        {...(restores ? { chosen, onChoose: setChosen } : {})}
      />
      <Card title="Deleted folders">
        <RemovedFolders address={address} />
      </Card>
      {looking && <RemovedHeaderDialog address={address} message={looking} onClose={() => setLooking(null)} />}
    </Page>
  );
}

/** A request looks at so many messages; behind those there may be others that fit. */
function Nothing({ narrowed, list }: { narrowed: boolean; list: { hasMore: boolean; more: () => Promise<void> } }) {
  if (list.hasMore) {
    return (
      <Empty title="Not among the latest">
        <button type="button" onClick={() => void list.more()}>
          Look further back
        </button>
      </Empty>
    );
  }
  return <Empty title={narrowed ? "Nothing fits" : "Nothing was deleted in the days that are kept"} />;
}

function Filters({ filter, setFilter }: { filter: Filter; setFilter: (filter: Filter) => void }) {
  const set = (name: keyof Filter) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setFilter({ ...filter, [name]: event.currentTarget.value });
  return (
    <div class="filters" role="search">
      <input
        type="search"
        aria-label="Subject"
        placeholder="Subject"
        value={filter.subject}
        onInput={set("subject")}
      />
      <input type="search" aria-label="Sender" placeholder="Sender" value={filter.sender} onInput={set("sender")} />
      <input type="search" aria-label="Folder" placeholder="Folder" value={filter.mailbox} onInput={set("mailbox")} />
      <select aria-label="Deleted by" value={filter.door} onChange={set("door")}>
        <option value="">By any door</option>
        {Object.entries(doorNames).map(([door, name]) => (
          <option value={door} key={door}>
            by {name}
          </option>
        ))}
      </select>
      <label>
        from <input type="date" value={filter.since} onInput={set("since")} />
      </label>
      <label>
        to <input type="date" value={filter.until} onInput={set("until")} />
      </label>
    </div>
  );
}
