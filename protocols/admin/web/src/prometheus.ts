// What /metrics says (Prometheus' text format 0.0.4), and what the overview makes of a row of its answers. Pure.
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function parseMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!match) continue;
    const labels: Record<string, string> = {};
    for (const [, name, value] of (match[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[name!] = value!.replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    }
    samples.push({ name: match[1]!, labels, value: match[3] === "+Inf" ? Infinity : Number(match[3]) });
  }
  return samples;
}

/** One look at the server. */
export interface Look {
  time: number; // milliseconds since 1970
  samples: Sample[];
}

/** The sum of all samples of the name, by the values of a label. */
export function sumBy(look: Look, name: string, label: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const sample of look.samples) {
    if (sample.name !== name) continue;
    const key = sample.labels[label] ?? "";
    sums.set(key, (sums.get(key) ?? 0) + sample.value);
  }
  return sums;
}

export function sumOf(look: Look, name: string, where: Record<string, string> = {}): number | null {
  const found = look.samples.filter(
    (sample) => sample.name === name && Object.entries(where).every(([label, value]) => sample.labels[label] === value),
  );
  return found.length === 0 ? null : found.reduce((sum, sample) => sum + sample.value, 0);
}

/** How much a counter grew per second; null: the server was started anew, or nothing is known. */
export function rateOf(before: Look, now: Look, name: string, where: Record<string, string> = {}): number | null {
  const [a, b] = [sumOf(before, name, where), sumOf(now, name, where)];
  const seconds = (now.time - before.time) / 1000;
  return a === null || b === null || b < a || seconds <= 0 ? null : (b - a) / seconds;
}

/** The quantile of what a histogram counted between two looks, straight within a bucket; null: nothing. */
export function quantileOf(before: Look, now: Look, name: string, quantile: number): number | null {
  const then = bucketsOf(before, name);
  const grown = [...bucketsOf(now, name)]
    .map(([bound, count]) => [bound, count - (then.get(bound) ?? 0)] as const)
    .sort(([a], [b]) => a - b);
  const total = grown[grown.length - 1]?.[1] ?? 0;
  if (total <= 0) return null;
  const rank = quantile * total;
  let [lower, below] = [0, 0];
  for (const [bound, count] of grown) {
    if (count >= rank) {
      return bound === Infinity ? lower : lower + (bound - lower) * ((rank - below) / Math.max(1, count - below));
    }
    [lower, below] = [bound, count];
  }
  return lower;
}

function bucketsOf(look: Look, name: string): Map<number, number> {
  const buckets = new Map<number, number>();
  for (const [bound, count] of sumBy(look, name + "_bucket", "le")) {
    buckets.set(bound === "+Inf" ? Infinity : Number(bound), count);
  }
  return buckets;
}
