// Mail on its way out: what waits and why, try again, drop.
import { useState } from "preact/hooks";
import type { QueuedMessage } from "../../generated/contract";
import { call } from "../client";
import { octetsText } from "../format";
import { useInterval, useList } from "../hooks";
import { Confirm } from "../parts/dialog";
import { attempt } from "../parts/notices";
import { Empty, Foreign, Mark, Page, Time } from "../parts/show";
import { Table } from "../parts/table";
import { linkTo } from "../router";
import { useSigned } from "../session";

const reloadEveryMs = 10000;

export function Queue() {
  const { may } = useSigned();
  const [finished, setFinished] = useState(false);
  const [dropping, setDropping] = useState<QueuedMessage | null>(null);
  const list = useList("listQueue", finished ? { finished } : {});
  // Somebody who has paged on is not thrown back.
  useInterval(() => {
    if (!list.hasMore && list.items.length <= 50) void list.reload();
  }, reloadEveryMs);
  const retry = (one: QueuedMessage) =>
    attempt(async () => {
      await call("retryQueued", { id: one.id });
      await list.reload();
    }, "It is tried now");
  return (
    <Page title="Outbox" note="What users have sent and the next server has not taken yet.">
      <div class="filters">
        <label class="check">
          <input type="checkbox" checked={finished} onChange={(event) => setFinished(event.currentTarget.checked)} />
          Also what has left
        </label>
      </div>
      <Table
        caption="Messages on their way out"
        items={list.items}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Empty title="Nothing waits">Everything that was sent has left.</Empty>}
        columns={[
          {
            title: "From",
            main: true,
            cell: (one) => (
              <>
                <Foreign text={one.sender} />
                {one.account !== one.sender && (
                  <span class="under">
                    <a href={linkTo("accounts", one.account)}>
                      <Foreign text={one.account} />
                    </a>
                  </span>
                )}
              </>
            ),
          },
          { title: "To", cell: (one) => <Recipients message={one} /> },
          { title: "Size", numeric: true, cell: (one) => octetsText(one.octets) },
          { title: "Queued", cell: (one) => <Time at={one.queued_at} /> },
          {
            title: "Next attempt",
            cell: (one) =>
              one.state === "finished" ? (
                <Mark tone="calm">finished</Mark>
              ) : one.state === "sending" ? (
                <Mark tone="good">sending</Mark>
              ) : (
                <>
                  <Time at={one.next_attempt_at} none="–" />
                  <span class="under">after {one.attempts}</span>
                </>
              ),
          },
          ...(may("queue:write")
            ? [
                {
                  title: "",
                  cell: (one: QueuedMessage) =>
                    one.state !== "finished" && (
                      <span class="row-actions">
                        <button
                          type="button"
                          class="quiet small"
                          aria-label={`Try now: message ${one.id}`}
                          onClick={() => void retry(one)}
                        >
                          Try now
                        </button>
                        <button
                          type="button"
                          class="quiet small danger"
                          aria-label={`Drop message ${one.id}`}
                          onClick={() => setDropping(one)}
                        >
                          Drop
                        </button>
                      </span>
                    ),
                },
              ]
            : []),
        ]}
      />
      {dropping && (
        <Confirm
          title="Drop this message?"
          verb="Drop it"
          danger
          onClose={() => setDropping(null)}
          onConfirm={async () => {
            await call("dropQueued", { id: dropping.id });
            await list.reload();
          }}
        >
          <p>Its waiting recipients never get it, and nobody is told.</p>
        </Confirm>
      )}
    </Page>
  );
}

function Recipients({ message }: { message: QueuedMessage }) {
  const [first, ...others] = message.recipients;
  if (!first) return null;
  return (
    <details class="recipients">
      <summary>
        <Foreign text={first.address} />
        {others.length > 0 && ` and ${others.length} more`}
      </summary>
      <ul>
        {message.recipients.map((one) => (
          <li key={one.address}>
            <Foreign text={one.address} />{" "}
            <Mark tone={one.state === "delivered" ? "good" : one.state === "failed" ? "bad" : "warn"}>{one.state}</Mark>
            {one.answer && (
              <span class="under mono">
                <Foreign text={one.answer} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
