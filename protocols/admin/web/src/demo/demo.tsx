// The demo page: one mailbox through POP3, IMAP and Mobile Sync side by side, with real traffic underneath.
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { call } from "../client";
import { useCall } from "../hooks";
import { Logo } from "../parts/logo";
import { attempt, Notices, tell as notice } from "../parts/notices";
import { Card, Page } from "../parts/show";
import { Switch } from "../parts/switch";
import { useSigned } from "../session";
import { DoorCard, Transcript } from "./door";
import { play, useLive, type Line, type Scene } from "./play";
import { beginning, pushes, tell, type DoorName, type Item, type Push, type Story } from "./story";

export function Demo() {
  const { signOut } = useSigned();
  const [story, hear] = useReducer(
    (before: Story, [door, line]: [DoorName, Line]) => tell(before, door, line),
    beginning,
  );
  useLive("imap", () => ({}), (line) => hear(["imap", line]));
  const toPhone = useLive(
    "phone",
    () => (story.phone === null ? {} : { phone: story.phone }),
    (line) => hear(["phone", line]),
  );
  const once = useOnce(hear);
  useEffect(() => void once("pop3", "pop3"), []);
  const onPhone = (change: object) => toPhone({ ...(story.phone ? { phone: story.phone } : {}), ...change });
  const byImap = (change: object) => once("imap-change", "imap", change);
  return (
    <div class="demo">
      <header class="demo-head">
        <a href="/" class="name">
          <Logo />
          Postern
        </a>
        <button type="button" class="quiet small" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        <Page
          title="One mailbox, three doors"
          note={story.mailbox ?? ""}
          actions={
            <>
              <button type="button" class="primary" onClick={() => void once("delivery", "lmtp")}>
                Send a letter
              </button>
              {story.mailbox && <BringBack account={story.mailbox} />}
              {story.mailbox && <MobileSync account={story.mailbox} />}
            </>
          }
        >
          <div class="columns">
            <DoorCard
              title="POP3"
              note="A computer that asks now and then, and keeps its own copy."
              words={{ quiet: "has not asked yet", waiting: "asked", refused: "refused", failed: "failed" }}
              door={story.doors.pop3}
              actions={
                <button type="button" onClick={() => void once("pop3", "pop3")}>
                  Fetch
                </button>
              }
            />
            <DoorCard
              title="IMAP"
              note="A mail program that waits in IDLE and is told at once."
              words={{ quiet: "connecting", waiting: "waits for news", refused: "refused", failed: "not connected" }}
              door={story.doors.imap}
              acts={(item) => <ItemActs item={item} of="IMAP" onRead={(seen) => byImap({ uid: Number(item.id), seen })} onDelete={() => byImap({ uid: Number(item.id), delete: true })} />}
            />
            <DoorCard
              title="Mobile Sync"
              note="A simulated phone that speaks ActiveSync 16.1 and waits in a Ping."
              words={{ quiet: "connecting", waiting: "waits for news", refused: "refused", failed: "not connected" }}
              door={story.doors.phone}
              acts={(item) => <ItemActs item={item} of="the phone" onRead={(read) => onPhone({ read: { id: item.id, read } })} onDelete={() => onPhone({ delete: item.id })} />}
            />
          </div>
          <Card title="Mail comes in by LMTP">
            <Pushes rows={pushes(story)} />
            <Transcript of="LMTP" said={story.doors.lmtp.said} />
          </Card>
        </Page>
      </main>
      <Notices />
    </div>
  );
}

/** Scenes that are played once, each until it ends or the page goes. */
function useOnce(hear: (told: [DoorName, Line]) => void) {
  const going = useRef(new AbortController());
  useEffect(() => () => going.current.abort(), []);
  return useCallback(
    (scene: Scene, door: DoorName, wish: object = {}) =>
      play(scene, wish, (line) => hear([door, line]), going.current.signal),
    [],
  );
}

interface ItemActsProps {
  item: Item;
  of: string;
  onRead: (read: boolean) => void;
  onDelete: () => void;
}

function ItemActs({ item, of, onRead, onDelete }: ItemActsProps) {
  const word = item.read ? "Unread" : "Read";
  return (
    <>
      <button type="button" class="quiet small" onClick={() => onRead(!item.read)} aria-label={`${word}: ${item.subject} by ${of}`}>
        {word}
      </button>
      <button type="button" class="quiet small" onClick={onDelete} aria-label={`Delete ${item.subject} by ${of}`}>
        Delete
      </button>
    </>
  );
}

function Pushes({ rows }: { rows: Push[] }) {
  if (rows.length === 0) return <p class="dim">Send a letter to see how long the two that wait are kept waiting.</p>;
  const text = (ms: number | null) => (ms === null ? "not told" : `${ms.toFixed(1)} ms`);
  return (
    <table class="pushes">
      <caption>From the sender's 250 until the client was told</caption>
      <thead>
        <tr>
          <th scope="col">Letter</th>
          <th scope="col">IMAP</th>
          <th scope="col">Mobile Sync</th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, 5).map((row, at) => (
          <tr key={row.delivered}>
            <th scope="row">{at === 0 ? "the latest" : `${at} before`}</th>
            <td>{text(row.imap)}</td>
            <td>{text(row.phone)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** As an administrator does it: whatever was deleted since this page was opened. */
function BringBack({ account }: { account: string }) {
  const [since] = useState(() => new Date(Date.now() - 60_000).toISOString());
  const bringBack = () =>
    attempt(async () => {
      const done = await call("restoreMessages", { account }, { matching: { since }, to: "original" });
      notice(done.restored === 1 ? "1 message is back" : `${done.restored} messages are back`);
    });
  return (
    <button type="button" onClick={() => void bringBack()}>
      Bring back what was deleted
    </button>
  );
}

function MobileSync({ account }: { account: string }) {
  const { value, reload } = useCall("getAccount", { account });
  const on = value?.features.mobile_sync?.enabled ?? false;
  return (
    <span class="switch-word">
      Mobile Sync
      <Switch
        on={on}
        label="Mobile Sync"
        disabled={value === undefined}
        onChange={async (wanted) => {
          await call("changeAccountFeatures", { account }, { mobile_sync: wanted });
          await reload();
        }}
      />
    </span>
  );
}
