// Days of a calendar, by UTC, as the API names evenings.
const dayMs = 86_400_000;

/** The days of so many whole weeks, Monday first; the last week has `today`. */
export function weeksUntil(today: Date, weeks: number): string[] {
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  const sinceMonday = (today.getUTCDay() + 6) % 7;
  const first = midnight - (sinceMonday + (weeks - 1) * 7) * dayMs;
  return Array.from({ length: weeks * 7 }, (_, i) => new Date(first + i * dayMs).toISOString().slice(0, 10));
}
