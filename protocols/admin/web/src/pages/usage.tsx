// What was used in a month, for the bill: sums by domain, the accounts of one domain, CSV for the biller, and the
// changes of features as the ledger has them.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { FeatureEvent, FeatureName, UsageDay } from "../../generated/contract";
import { pathOf } from "../client";
import { countText, featureName, features, octetsText, recentMonths } from "../format";
import { useCall, useList } from "../hooks";
import { Card, Empty, Foreign, Loading, Mark, Page, Refused, Time } from "../parts/show";
import { Table } from "../parts/table";
import { keepQuery, linkTo } from "../router";
import { useSigned } from "../session";
import { Licences } from "./licences";
import { saveCsv } from "../save";

export function Usage({ query }: { query: URLSearchParams }) {
  const { may } = useSigned();
  const months = useMemo(() => recentMonths(13, new Date()), []);
  const [month, setMonth] = useState(query.get("month") ?? months[0]!);
  const [domain, setDomain] = useState(query.get("domain") ?? "");
  const domains = useCall("listDomains", may("directory:read") ? { limit: 500 } : null);
  const args = { month, ...(domain ? { domain } : {}) };
  const usage = useCall("exportUsage", args);
  useEffect(() => keepQuery({ month, domain }), [month, domain]);
  return (
    <Page
      title="Usage"
      note="A row for each account and day; proration is the biller's work, the facts are here."
      actions={
        <button
          type="button"
          onClick={() => void saveCsv(pathOf("exportUsage", args), `usage-${month}${domain ? "-" + domain : ""}.csv`)}
        >
          Save as CSV
        </button>
      }
    >
      <div class="filters">
        <select aria-label="Month" value={month} onChange={(event) => setMonth(event.currentTarget.value)}>
          {[...new Set([month, ...months])].map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
        {may("directory:read") && (
          <select aria-label="Domain" value={domain} onChange={(event) => setDomain(event.currentTarget.value)}>
            <option value="">All domains</option>
            {[...new Set([...(domain ? [domain] : []), ...(domains.value?.items ?? []).map((one) => one.name)])].map(
              (name) => (
                <option key={name}>{name}</option>
              ),
            )}
          </select>
        )}
      </div>
      <Licences />
      <Card title={domain ? `Accounts of ${domain}` : "Domains"}>
        {usage.refusal && <Refused refusal={usage.refusal} onRetry={() => void usage.reload()} />}
        {usage.loading && !usage.value && <Loading />}
        {usage.value && <Sums rows={usage.value.items} by={domain ? "account" : "domain"} />}
      </Card>
      <Card title="Switched on and off">
        <FeatureEvents domain={domain} />
      </Card>
    </Page>
  );
}

interface Sum {
  name: string;
  days: number; // with a row
  accounts: number;
  phoneDays: number; // account-days with Mobile Sync on
  octets: number; // the most of a day
  devices: number; // the most of a day
}

function sumsOf(rows: UsageDay[], by: "domain" | "account"): Sum[] {
  const groups = new Map<string, UsageDay[]>();
  for (const row of rows) {
    const group = groups.get(row[by]);
    if (group) group.push(row);
    else groups.set(row[by], [row]);
  }
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, group]) => {
      const perDay = new Map<string, { octets: number; devices: number }>();
      for (const row of group) {
        const day = perDay.get(row.day) ?? { octets: 0, devices: 0 };
        perDay.set(row.day, { octets: day.octets + row.octets, devices: day.devices + row.devices });
      }
      const days = [...perDay.values()];
      return {
        name,
        days: days.length,
        accounts: new Set(group.map((row) => row.account)).size,
        phoneDays: group.filter((row) => row.features.includes("mobile_sync")).length,
        octets: Math.max(...days.map((day) => day.octets)),
        devices: Math.max(...days.map((day) => day.devices)),
      };
    });
}

const shownMax = 500;

function Sums({ rows, by }: { rows: UsageDay[]; by: "domain" | "account" }) {
  const sums = useMemo(() => sumsOf(rows, by), [rows, by]);
  return (
    <>
      <Table
        caption="Usage"
        items={sums.slice(0, shownMax)}
        keyOf={(one) => one.name}
        empty={<Empty title="Nothing is counted for this month">Usage is counted once a day.</Empty>}
        columns={[
          {
            title: by === "domain" ? "Domain" : "Account",
            main: true,
            cell: (one) => (
              <a href={linkTo(by + "s", one.name)}>
                <Foreign text={one.name} />
              </a>
            ),
          },
          ...(by === "domain"
            ? [{ title: "Accounts", numeric: true, cell: (one: Sum) => countText(one.accounts) }]
            : []),
          { title: "Days", numeric: true, cell: (one) => one.days },
          { title: "Mobile Sync days", numeric: true, cell: (one) => countText(one.phoneDays) },
          { title: "Storage, most", numeric: true, cell: (one) => octetsText(one.octets) },
          { title: "Devices, most", numeric: true, cell: (one) => countText(one.devices) },
        ]}
      />
      {sums.length > shownMax && <p class="dim">… and {countText(sums.length - shownMax)} more, in the CSV</p>}
    </>
  );
}

const word = (value: boolean | null) =>
  value === null ? (
    <span class="dim">no word</span>
  ) : (
    <Mark tone={value ? "good" : "calm"}>{value ? "on" : "off"}</Mark>
  );

function FeatureEvents({ domain }: { domain: string }) {
  const [feature, setFeature] = useState<FeatureName | "">("mobile_sync");
  const list = useList("listFeatureEvents", {
    limit: 20,
    ...(domain ? { domain } : {}),
    ...(feature ? { feature } : {}),
  });
  return (
    <>
      <div class="filters">
        <select
          aria-label="Feature"
          value={feature}
          onChange={(event) => setFeature(event.currentTarget.value as FeatureName | "")}
        >
          <option value="">All features</option>
          {features.map((name) => (
            <option key={name} value={name}>
              {featureName(name)}
            </option>
          ))}
        </select>
      </div>
      <Table<FeatureEvent>
        caption="Changes of features"
        items={list.items}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Empty title="Nothing was switched" />}
        columns={[
          { title: "When", cell: (one) => <Time at={one.at} /> },
          {
            title: "Of",
            main: true,
            cell: (one) => (
              <>
                <Foreign text={one.of} />
                <span class="under">{one.level}</span>
              </>
            ),
          },
          { title: "Feature", cell: (one) => featureName(one.feature) },
          {
            title: "Change",
            cell: (one) => (
              <>
                {word(one.before)} → {word(one.after)}
              </>
            ),
          },
          {
            title: "Who",
            cell: (one) => (
              <>
                <Foreign text={one.who} />
                <span class="under">
                  <Foreign text={one.from} />
                </span>
              </>
            ),
          },
        ]}
      />
    </>
  );
}
