// What the page knows of the three doors, line after line. Pure.
import type { Line } from "./play";

export type DoorName = "lmtp" | "pop3" | "imap" | "phone";
export type DoorState = "quiet" | "waiting" | "refused" | "failed";

export interface Item {
  id: string;
  subject: string;
  from: string;
  read?: boolean; // POP3 has no such thing
}

export interface Said {
  who: "client" | "server";
  text: string;
  at: number;
}

export interface Door {
  state: DoorState;
  detail: string;
  items: Item[];
  said: Said[];
}

export interface PhoneMemory {
  policy_key: string;
  folder_key: string;
  inbox: string;
  sync_key: string;
}

export interface Story {
  mailbox: string | null;
  doors: Record<DoorName, Door>;
  phone: PhoneMemory | null;
  deliveries: number[];
  news: { imap: number[]; phone: number[] };
}

const saidMax = 150;
const timesMax = 20;
const quiet: Door = { state: "quiet", detail: "", items: [], said: [] };
export const beginning: Story = {
  mailbox: null,
  doors: { lmtp: quiet, pop3: quiet, imap: quiet, phone: quiet },
  phone: null,
  deliveries: [],
  news: { imap: [], phone: [] },
};

export function tell(story: Story, name: DoorName, line: Line): Story {
  const door = hear(story.doors[name], line);
  const next = { ...story, doors: { ...story.doors, [name]: door } };
  if (line.what === "mailbox") next.mailbox = String(line.address);
  if (line.what === "delivered") next.deliveries = latest(story.deliveries, line.at);
  if (line.what === "news" && (name === "imap" || name === "phone"))
    next.news = { ...story.news, [name]: latest(story.news[name], line.at) };
  if (line.what === "phone" && name === "phone") next.phone = memoryOf(line);
  if (line.what === "forget" && name === "phone") next.phone = null;
  return next;
}

function hear(door: Door, line: Line): Door {
  if (line.who !== undefined) {
    const said = { who: line.who, text: String(line.text), at: line.at };
    return { ...door, said: [...door.said.slice(1 - saidMax), said] };
  }
  const id = String(line.id);
  switch (line.what) {
    case "list":
      return { ...door, state: "waiting", items: (line.messages as Item[]).map((one) => ({ ...one, id: String(one.id) })) };
    case "add":
      return { ...door, items: [itemOf(line), ...door.items.filter((one) => one.id !== id)] };
    case "change":
      return { ...door, items: door.items.map((one) => (one.id === id ? { ...one, read: line.read === true } : one)) };
    case "remove":
      return { ...door, items: door.items.filter((one) => one.id !== id) };
    case "forget":
      return { ...door, items: [] };
    case "phone":
      return { ...door, state: "waiting" };
    case "refused":
      return { ...door, state: "refused", detail: String(line.status) };
    case "failed":
      return { ...door, state: "failed", detail: String(line.detail) };
    default:
      return door;
  }
}

function itemOf(line: Line): Item {
  return { id: String(line.id), subject: String(line.subject), from: String(line.from), read: line.read === true };
}

function memoryOf(line: Line): PhoneMemory {
  const { policy_key, folder_key, inbox, sync_key } = line as unknown as PhoneMemory;
  return { policy_key, folder_key, inbox, sync_key };
}

function latest(times: number[], at: number): number[] {
  return [...times.slice(1 - timesMax), at];
}

export interface Push {
  delivered: number;
  imap: number | null; // ms; null: not told yet
  phone: number | null;
}

// The store tells who waits before the sender's answer has gone over the wire.
const earlyMs = 250;

/** How long each letter took from the sender's 250 to the doors that push, the latest first. */
export function pushes(story: Story): Push[] {
  return story.deliveries
    .map((delivered, at) => {
      const until = story.deliveries[at + 1] ?? Infinity;
      const of = (times: number[]) => {
        const told = times.find((time) => time >= delivered - earlyMs && time < until - earlyMs);
        return told === undefined ? null : Math.max(0, told - delivered);
      };
      return { delivered, imap: of(story.news.imap), phone: of(story.news.phone) };
    })
    .reverse();
}
