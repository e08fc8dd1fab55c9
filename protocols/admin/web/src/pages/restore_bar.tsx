// Bringing deleted messages back: those that are chosen, or all that fit what is looked for, a page at a time, so that
// one sees how far it is and can stop. What has been restored stays restored.
import { useRef, useState } from "preact/hooks";
import type { RemovedMatching, RestoredMessages, RestoreMessages } from "../../generated/contract";
import { call } from "../client";
import { countText } from "../format";
import { Confirm } from "../parts/dialog";
import { attempt, tell } from "../parts/notices";

const atOnceMax = 64;

interface RestoreBarProps {
  address: string;
  chosen: string[];
  matching: RemovedMatching;
  onDone: () => void;
}

interface Sum {
  restored: number;
  duplicates: number;
  gone: number;
}

export function RestoreBar({ address, chosen, matching, onDone }: RestoreBarProps) {
  const [to, setTo] = useState<"original" | "dated">("original");
  const [asking, setAsking] = useState(false);
  const [sum, setSum] = useState<Sum | null>(null);
  const stopping = useRef(false);

  // `next` gives the requests, one after the other, by the answer to the one before.
  const run = async (next: (before: RestoredMessages | null) => RestoreMessages | null) => {
    stopping.current = false;
    let all: Sum = { restored: 0, duplicates: 0, gone: 0 };
    setSum(all);
    await attempt(async () => {
      let request = next(null);
      while (request !== null && !stopping.current) {
        const answer = await call("restoreMessages", { account: address }, { ...request, to });
        all = {
          restored: all.restored + answer.restored,
          duplicates: all.duplicates + answer.duplicates,
          gone: all.gone + answer.gone,
        };
        setSum(all);
        request = next(answer);
      }
    });
    setSum(null);
    tell(wordsFor(all));
    onDone();
  };
  const runChosen = () => {
    let at = 0;
    return run(() => {
      const messages = chosen.slice(at, at + atOnceMax);
      at += atOnceMax;
      return messages.length > 0 ? { messages } : null;
    });
  };
  const runMatching = () =>
    run((before) => {
      if (before === null) return { matching };
      return before.next === null ? null : { matching, after: before.next };
    });

  const busy = sum !== null;
  const narrowed = Object.keys(matching).length > 0;
  return (
    <section class="bulk" aria-label="Bring back">
      <select aria-label="Where to" value={to} onChange={(event) => setTo(event.currentTarget.value as typeof to)}>
        <option value="original">Where it was</option>
        <option value="dated">Into a folder with today's date</option>
      </select>
      <button type="button" class="primary" disabled={busy || chosen.length === 0} onClick={() => void runChosen()}>
        {chosen.length === 0 ? "Bring back the chosen" : `Bring back ${chosen.length}`}
      </button>
      <button type="button" disabled={busy} onClick={() => setAsking(true)}>
        {narrowed ? "Bring back all that fit" : "Bring back everything"}
      </button>
      {busy && (
        <>
          <span class="progress">
            <progress aria-label="Bringing back" /> {countText(sum.restored)} brought back
          </span>
          <button type="button" class="quiet" onClick={() => (stopping.current = true)}>
            Stop
          </button>
        </>
      )}
      {asking && (
        <Confirm
          title={narrowed ? "Bring back all that fit?" : "Bring back everything?"}
          verb="Bring back"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            setAsking(false);
            void runMatching();
          }}
        >
          <p>
            {narrowed
              ? "All deleted messages that fit what you look for, also those that are not shown yet."
              : "All deleted messages of this account that are still kept."}{" "}
            Connected programs and phones see them at once.
          </p>
        </Confirm>
      )}
    </section>
  );
}

function wordsFor({ restored, duplicates, gone }: Sum): string {
  const words = [`${countText(restored)} ${restored === 1 ? "message is" : "messages are"} back`];
  if (duplicates > 0) words.push(`${countText(duplicates)} were there already`);
  if (gone > 0) words.push(`${countText(gone)} are gone`);
  return words.join("; ");
}
