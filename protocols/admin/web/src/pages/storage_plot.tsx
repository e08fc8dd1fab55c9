// Storage by day, from the rows of usage; where there are too many accounts to fetch them for a plot, of one domain.
import { useMemo, useState } from "preact/hooks";
import type { UsageDay } from "../../generated/contract";
import { monthOf, octetsText } from "../format";
import { useCall } from "../hooks";
import { Plot } from "../parts/plot";
import { Card, Empty } from "../parts/show";

const accountsMax = 5000;

export function StoragePlot() {
  const domains = useCall("listDomains", { limit: 500 });
  const [wanted, setWanted] = useState("");
  const items = domains.value?.items ?? [];
  const many = domains.value?.next != null || items.reduce((sum, one) => sum + one.accounts, 0) > accountsMax;
  const domain = wanted || (many ? (items.find((one) => one.accounts > 0)?.name ?? "") : "");
  const args =
    domains.value && (!many || domain) ? { month: monthOf(new Date()), ...(domain ? { domain } : {}) } : null;
  const usage = useCall("exportUsage", args);
  const { times, values } = useMemo(() => byDay(usage.value?.items ?? []), [usage.value]);
  return (
    <Card
      title="Storage this month"
      actions={
        <select aria-label="Domain" value={domain} onChange={(event) => setWanted(event.currentTarget.value)}>
          {!many && <option value="">All domains</option>}
          {items.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      }
    >
      {times.length === 0 ? (
        <Empty title="No day of this month is counted yet">Usage is counted once a day.</Empty>
      ) : (
        <Plot
          title={domain || "All domains"}
          times={times}
          text={octetsText}
          binary
          series={[{ name: "Stored", values }]}
          timeText={(time) => new Date(time).toLocaleDateString(undefined, { day: "numeric", month: "short" })}
        />
      )}
    </Card>
  );
}

function byDay(rows: UsageDay[]): { times: number[]; values: number[] } {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.day, (sums.get(row.day) ?? 0) + row.octets);
  const days = [...sums].sort(([a], [b]) => a.localeCompare(b));
  return { times: days.map(([day]) => Date.parse(day)), values: days.map(([, octets]) => octets) };
}
