// One door: what its client has, and what the two say to each other.
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Card, Foreign, Mark, type Tone } from "../parts/show";
import type { Door, DoorState, Item, Said } from "./story";

const tones: Record<DoorState, Tone> = { quiet: "calm", waiting: "good", refused: "bad", failed: "warn" };

interface DoorCardProps {
  title: string;
  note: string;
  words: Record<DoorState, string>;
  door: Door;
  actions?: ComponentChildren;
  acts?: (item: Item) => ComponentChildren;
}

export function DoorCard({ title, note, words, door, actions, acts }: DoorCardProps) {
  return (
    <Card title={title} actions={actions}>
      <p class="dim">{note}</p>
      <p class="door-state" role="status">
        <Mark tone={tones[door.state]}>{words[door.state]}</Mark>
        {door.state === "failed" && <span class="dim"> {door.detail}</span>}
      </p>
      <ul class="letters" aria-label={`${title}: messages`}>
        {door.items.slice(0, 8).map((item) => (
          <li key={item.id} class={item.read === false ? "unread" : ""}>
            <div>
              <span class="subject">
                <Foreign text={item.subject || "(no subject)"} />
              </span>
              <span class="under">
                <Foreign text={item.from} />
              </span>
            </div>
            {acts && <span class="row-actions">{acts(item)}</span>}
          </li>
        ))}
      </ul>
      <Transcript of={title} said={door.said} />
    </Card>
  );
}

export function Transcript({ of, said }: { of: string; said: Said[] }) {
  const place = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    if (place.current) place.current.scrollTop = place.current.scrollHeight;
  }, [said]);
  return (
    <pre class="transcript" tabIndex={0} role="region" aria-label={`${of}: what is said`} ref={place}>
      {said.map((one, at) => (
        <span key={at} class={one.who}>
          {one.who === "client" ? "› " : "‹ "}
          {one.text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
