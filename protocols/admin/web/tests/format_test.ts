import assert from "node:assert/strict";
import test from "node:test";
import { agoText, octetsText, parseOctets, plainText, recentMonths, secondsText } from "../src/format";
import { linkTo, parsePlace } from "../src/router";
import { niceCeiling } from "../src/scale";

test("sizes there and back", () => {
  for (const [octets, text] of [
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.00 KiB"],
    [5 * 2 ** 30, "5.00 GiB"],
    [123456789, "118 MiB"],
  ] as const) {
    assert.equal(octetsText(octets), text);
  }
  for (const [text, octets] of [
    ["5 GB", 5 * 2 ** 30],
    ["512m", 512 * 2 ** 20],
    ["1,5 TiB", 1.5 * 2 ** 40],
    ["100", 100],
  ] as const) {
    assert.equal(parseOctets(text), octets);
  }
  for (const text of ["", "0", "-1", "many", "5 XB", "1e9"]) assert.equal(parseOctets(text), null, text);
});

test("times", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  assert.equal(agoText("2026-03-01T11:59:50Z", now), "just now");
  assert.equal(agoText("2026-03-01T11:50:00Z", now), "10 min ago");
  assert.equal(agoText("2026-03-01T15:00:00Z", now), "in 3 h");
  assert.equal(agoText("2026-02-01T12:00:00Z", now), "28 d ago");
  assert.deepEqual(recentMonths(3, new Date(now)), ["2026-03", "2026-02", "2026-01"]);
  assert.equal(secondsText(0.0034), "3.4 ms");
});

test("text that would turn around or hide is shown", () => {
  assert.equal(plainText("a\u202egnp.exe\u0000\u200b"), "a‹202E›gnp.exe‹0000›‹200B›");
  assert.equal(plainText("Grüße, 日本, שלום"), "Grüße, 日本, שלום");
});

test("places in the address", () => {
  assert.equal(linkTo("accounts", "a/b?c@example.test"), "#/accounts/a%2Fb%3Fc%40example.test");
  assert.deepEqual(parsePlace(linkTo("accounts", "a/b?c@example.test")).parts, ["accounts", "a/b?c@example.test"]);
  assert.deepEqual(parsePlace("#/accounts?q=x").query.get("q"), "x");
  assert.deepEqual(parsePlace("#/%zz").parts, ["%zz"]);
});

test("scales end at round numbers", () => {
  for (const [value, ceiling] of [
    [0, 1],
    [3, 5],
    [51, 100],
    [0.024, 0.025],
  ] as const)
    assert.ok(Math.abs(niceCeiling(value) - ceiling) < 1e-9);
  assert.equal(niceCeiling(3 * 2 ** 30, true), 5 * 2 ** 30);
});
