// Numbers, times and names for people. Pure.
import type { FeatureName } from "../generated/contract";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function octetsText(octets: number): string {
  let unit = 0;
  let value = octets;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    ++unit;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** "10 GB", "512m", "1.5 TiB", "1048576" → octets; null: not a size. */
export function parseOctets(text: string): number | null {
  const match = /^\s*(\d+(?:[.,]\d+)?)\s*([kmgtp]?)i?b?\s*$/i.exec(text);
  if (!match) return null;
  const power = "kmgtp".indexOf((match[2] ?? "").toLowerCase() || "-") + 1;
  const octets = Math.round(parseFloat(match[1]!.replace(",", ".")) * 1024 ** power);
  return octets >= 1 ? octets : null;
}

export function countText(count: number): string {
  return count.toLocaleString("en");
}

export function secondsText(seconds: number): string {
  if (seconds < 1) return `${seconds * 1000 < 10 ? (seconds * 1000).toFixed(1) : Math.round(seconds * 1000)} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

export function timeText(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** "3 min ago", "in 2 h"; the unit that leaves the fewest words. */
export function agoText(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return seconds > 0 ? "in a moment" : "just now";
  const [count, unit] = size < 2700 ? [size / 60, "min"] : size < 79200 ? [size / 3600, "h"] : [size / 86400, "d"];
  const text = `${Math.max(1, Math.round(count))} ${unit}`;
  return seconds > 0 ? `in ${text}` : `${text} ago`;
}

/** What would turn text around or hide in it is shown as what it is; nobody's subject rewrites our page. */
export function plainText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (c) => `‹${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`,
  );
}

const featureNames: Record<FeatureName, string> = {
  pop3: "POP3",
  imap: "IMAP",
  mobile_sync: "Mobile Sync",
  submission: "Sending",
  recovery_for_pop: "Recovery for POP3",
  self_service: "Self-service",
};

export const features = Object.keys(featureNames) as FeatureName[];

export function featureName(name: FeatureName): string {
  return featureNames[name];
}

/** The month of a time, as usage is asked for: "2026-11". */
export function monthOf(time: Date): string {
  return `${time.getUTCFullYear()}-${String(time.getUTCMonth() + 1).padStart(2, "0")}`;
}

/** The latest months, this one first. */
export function recentMonths(count: number, now: Date): string[] {
  return Array.from({ length: count }, (_, back) =>
    monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))),
  );
}
