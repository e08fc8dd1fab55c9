// The evenings that are kept, as a calendar and as a list: what was saved, how much was new, whether it was read again
// since; and starting a run now.
import { useState } from "preact/hooks";
import type { Backup as BackupState, Evening } from "../../generated/contract";
import { call, type Refusal } from "../client";
import { countText, octetsText } from "../format";
import { useCall, useInterval } from "../hooks";
import { Confirm } from "../parts/dialog";
import { tell } from "../parts/notices";
import { Card, Empty, Mark, Page, Refused, Time, type Tone } from "../parts/show";
import { Table } from "../parts/table";
import { useSigned } from "../session";
import { weeksUntil } from "../calendar";

const weeksShown = 4;
const periodMs = 15000;

const stateWords: Record<BackupState["state"], string> = {
  off: "The server's settings name no repository.",
  waiting: "Waiting for the evening.",
  due: "Due: it begins within five minutes.",
  running: "Running now.",
};

export function Backup() {
  const { may } = useSigned();
  const backup = useCall("getBackup", {});
  const evenings = useCall("listEvenings", {});
  const [asking, setAsking] = useState(false);
  useInterval(() => {
    void backup.reload();
    void evenings.reload();
  }, periodMs);
  const state = backup.value;
  const items = evenings.value?.items ?? [];
  return (
    <Page
      title="Backup"
      note={state?.enabled ? `Every day at ${state.at} (${state.zone}); ${state.evenings_kept} evenings are kept.` : null}
      actions={
        may("server:write") &&
        state?.enabled && (
          <button
            type="button"
            class="primary"
            disabled={state.state === "running" || state.state === "due"}
            onClick={() => setAsking(true)}
          >
            Back up now
          </button>
        )
      }
    >
      {backup.refusal && <Refused refusal={backup.refusal} />}
      {state && (
        <p role="status">
          {stateWords[state.state]}{" "}
          {state.state === "running" && (
            <>
              Begun <Time at={state.begun_at} />.
            </>
          )}
        </p>
      )}
      <Card title="The last four weeks">
        <Calendar evenings={items} />
      </Card>
      <Card title="Evenings">
        <EveningTable items={items} loading={evenings.loading} refusal={evenings.refusal} />
        <p class="hint">
          <code>postern backup restore</code> brings mail back as it stood on an evening, <code>postern backup verify</code>{" "}
          reads what was saved.
        </p>
      </Card>
      {asking && (
        <Confirm
          title="Back up now?"
          verb="Back up"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await call("startBackup", {});
            tell("It begins within five minutes");
            await backup.reload();
          }}
        >
          <p>What has changed since the last evening is saved. A second run of a day stands for the first.</p>
        </Confirm>
      )}
    </Page>
  );
}

function verdictOf(evening: Evening): [Tone, string] {
  if (evening.broken > 0) return ["bad", `${countText(evening.broken)} broken`];
  if (evening.failed > 0) return ["bad", `${countText(evening.failed)} failed`];
  return evening.verified_at === null ? ["calm", "saved"] : ["good", "verified"];
}

function Calendar({ evenings }: { evenings: Evening[] }) {
  const byDay = new Map(evenings.map((one) => [one.evening, one]));
  return (
    <ol class="calendar">
      {weeksUntil(new Date(), weeksShown).map((day) => {
        const evening = byDay.get(day);
        const [tone, word] = evening ? verdictOf(evening) : (["calm", ""] as const);
        return (
          <li key={day} class={evening ? "" : "nothing"}>
            <time dateTime={day}>{new Date(day).toLocaleDateString(undefined, { day: "numeric", month: "short", timeZone: "UTC" })}</time>
            {evening ? (
              <>
                <Mark tone={tone}>{word}</Mark>
                <span class="dim">{octetsText(evening.new_octets)} new</span>
              </>
            ) : (
              <span class="dim">–</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

interface EveningTableProps {
  items: Evening[];
  loading: boolean;
  refusal: Refusal | undefined;
}

function EveningTable({ items, loading, refusal }: EveningTableProps) {
  return (
    <Table
      caption="Evenings"
      items={items}
      keyOf={(one) => one.evening}
      loading={loading}
      refusal={refusal}
      empty={<Empty title="No evening was saved yet" />}
      columns={[
        { title: "Evening", main: true, cell: (one) => one.evening },
        { title: "Accounts", numeric: true, cell: (one) => countText(one.accounts) },
        { title: "Messages", numeric: true, cell: (one) => countText(one.messages) },
        { title: "Size", numeric: true, cell: (one) => octetsText(one.octets) },
        {
          title: "New",
          numeric: true,
          cell: (one) => `${countText(one.new_messages)}, ${octetsText(one.new_octets)}`,
        },
        { title: "Saved", cell: (one) => <Time at={one.ended_at} /> },
        {
          title: "State",
          cell: (one) => {
            const [tone, word] = verdictOf(one);
            return (
              <>
                <Mark tone={tone}>{word}</Mark> {one.verified_at !== null && <Time at={one.verified_at} />}
              </>
            );
          },
        },
      ]}
    />
  );
}
