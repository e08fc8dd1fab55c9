import assert from "node:assert/strict";
import test from "node:test";
import { weeksUntil } from "../src/calendar";

test("weeks begin on Monday and end with the one of today", () => {
  const days = weeksUntil(new Date("2026-11-23T23:59:59Z"), 2); // a Monday
  assert.equal(days.length, 14);
  assert.equal(days[0], "2026-11-16");
  assert.equal(days[7], "2026-11-23");
  const sunday = weeksUntil(new Date("2026-11-29T00:00:00Z"), 2);
  assert.equal(sunday[0], "2026-11-16");
  assert.equal(sunday[13], "2026-11-29");
});

test("months and years change within a week", () => {
  assert.deepEqual(weeksUntil(new Date("2027-01-01T12:00:00Z"), 1), [
    "2026-12-28",
    "2026-12-29",
    "2026-12-30",
    "2026-12-31",
    "2027-01-01",
    "2027-01-02",
    "2027-01-03",
  ]);
});
