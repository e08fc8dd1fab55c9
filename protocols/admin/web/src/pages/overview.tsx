// The server at a glance, from /metrics: the last minutes as this page has seen them, nothing is stored.
import { useEffect, useState } from "preact/hooks";
import { countText, octetsText, secondsText } from "../format";
import { useCall, useInterval } from "../hooks";
import { Plot } from "../parts/plot";
import { Empty, Mark, Page } from "../parts/show";
import { parseMetrics, quantileOf, rateOf, sumBy, sumOf, type Look } from "../prometheus";
import { linkTo } from "../router";
import { useSigned } from "../session";
import { StoragePlot } from "./storage_plot";

const lookEveryMs = 5000;
const looksMax = 180;
const rateLooks = 12; // figures per time are over the last minute

// Stays when another page is looked at meanwhile.
const looks: Look[] = [];

async function look(): Promise<boolean> {
  const response = await fetch("/metrics", { cache: "no-store" });
  if (!response.ok) return false;
  looks.push({ time: Date.now(), samples: parseMetrics(await response.text()) });
  looks.splice(0, looks.length - looksMax);
  return true;
}

const doorNames: Record<string, string> = {
  imap: "IMAP",
  pop3: "POP3",
  http: "Phones & pages",
  lmtp: "LMTP",
  submission: "Submission",
};

export function Overview() {
  const { may } = useSigned();
  const [told, setTold] = useState<boolean | null>(looks.length > 0 ? true : null);
  const [, setTick] = useState(0);
  const lookAgain = () =>
    void look()
      .catch(() => false)
      .then((ok) => {
        setTold(ok || looks.length > 0);
        setTick((tick) => tick + 1);
      });
  useEffect(lookAgain, []);
  useInterval(lookAgain, lookEveryMs);
  return (
    <Page title="Overview" note={may("server:read") ? <ServerLine /> : "What goes on in your part of the server."}>
      <Tiles />
      {told === false && (
        <Empty title="No live figures from here">
          /metrics answers the networks of <code>http.metrics_from</code> only, and this browser is in none of them.
        </Empty>
      )}
      {told && (
        <div class="plots">
          <Plots />
        </div>
      )}
      {may("usage:read") && may("directory:read") && <StoragePlot />}
    </Page>
  );
}

function ServerLine() {
  const server = useCall("getServer", {});
  const health = useCall("getHealth", {});
  useInterval(() => void health.reload(), 30000);
  return (
    <>
      {server.value && (
        <>
          {server.value.hostname} · Postern {server.value.version} ·{" "}
        </>
      )}
      {health.value && (
        <Mark tone={health.value.database === "ok" ? "good" : "bad"}>
          {health.value.database === "ok" ? "Database answers" : "Database does not answer"}
        </Mark>
      )}
      {health.refusal && <Mark tone="bad">The server does not answer</Mark>}
    </>
  );
}

function Tiles() {
  const now = looks[looks.length - 1];
  const before = looks[Math.max(0, looks.length - 1 - rateLooks)];
  if (!now || !before) return null;
  const perMinute = (rateOf(before, now, "postern_deliveries_total", { result: "stored" }) ?? 0) * 60;
  const push = quantileOf(before, now, "postern_push_seconds", 0.5);
  const waiting = sumOf(now, "postern_outbox_messages");
  const tiles: Array<[string, string, string?]> = [
    ["Sessions now", countText(sumOf(now, "postern_sessions") ?? 0)],
    ["Deliveries a minute", countText(Math.round(perMinute))],
    ["Push, median", push === null ? "–" : secondsText(push)],
    ["Waiting in the outbox", waiting === null ? "–" : countText(waiting), linkTo("queue")],
  ];
  return (
    <dl class="tiles">
      {tiles.map(([name, value, link]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{link ? <a href={link}>{value}</a> : value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Plots() {
  const times = looks.map((one) => one.time);
  const doors = [...new Set(looks.flatMap((one) => [...sumBy(one, "postern_sessions", "door").keys()]))].filter(
    (door) => door in doorNames,
  );
  const each = (figure: (before: Look, now: Look) => number | null) =>
    looks.map((now, i) => (i === 0 ? null : figure(looks[Math.max(0, i - rateLooks)]!, now)));
  const deliveries = (result: string) =>
    each((before, now) => {
      const rate = rateOf(before, now, "postern_deliveries_total", { result });
      return rate === null ? null : rate * 60;
    });
  const quantile = (name: string, q: number) => each((before, now) => quantileOf(before, now, name, q));
  return (
    <>
      <Plot
        title="Sessions by door"
        times={times}
        text={(v) => countText(Math.round(v * 10) / 10)}
        series={doors.map((door) => ({
          name: doorNames[door]!,
          values: looks.map((one) => sumBy(one, "postern_sessions", "door").get(door) ?? null),
        }))}
      />
      <Plot
        title="Deliveries a minute"
        times={times}
        text={(v) => countText(Math.round(v * 10) / 10)}
        series={[
          { name: "Stored", values: deliveries("stored") },
          { name: "Refused", values: deliveries("refused") },
          { name: "Over quota", values: deliveries("over_quota") },
        ].filter((one, i) => i === 0 || one.values.some((value) => value !== null))}
      />
      <Plot
        title="Push: from the change to the client"
        times={times}
        text={secondsText}
        series={[
          { name: "Median", values: quantile("postern_push_seconds", 0.5) },
          { name: "99 %", values: quantile("postern_push_seconds", 0.99) },
        ]}
      />
      <Plot
        title="Memory of the workers"
        times={times}
        text={octetsText}
        binary
        series={[{ name: "Resident", values: looks.map((one) => sumOf(one, "postern_worker_resident_memory_bytes")) }]}
      />
    </>
  );
}
