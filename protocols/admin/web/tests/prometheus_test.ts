import assert from "node:assert/strict";
import test from "node:test";
import { parseMetrics, quantileOf, rateOf, sumBy, sumOf, type Look } from "../src/prometheus";

const look = (time: number, text: string): Look => ({ time, samples: parseMetrics(text) });

test("lines of all kinds", () => {
  assert.deepEqual(parseMetrics('# HELP x\nx{a="1",b="q\\"\\\\\\n"} 2.5\nx_bucket{le="+Inf"} +Inf\ny 1e3\nbroken{\n'), [
    { name: "x", labels: { a: "1", b: 'q"\\\n' }, value: 2.5 },
    { name: "x_bucket", labels: { le: "+Inf" }, value: Infinity },
    { name: "y", labels: {}, value: 1000 },
  ]);
});

test("sums over workers", () => {
  const now = look(0, 's{door="imap",worker="1"} 2\ns{door="imap",worker="2"} 3\ns{door="pop3",worker="1"} 1\n');
  assert.deepEqual(
    [...sumBy(now, "s", "door")],
    [
      ["imap", 5],
      ["pop3", 1],
    ],
  );
  assert.equal(sumOf(now, "s", { worker: "1" }), 3);
  assert.equal(sumOf(now, "none"), null);
});

test("rates, and none across a restart", () => {
  assert.equal(rateOf(look(0, "c 10"), look(2000, "c 30"), "c"), 10);
  assert.equal(rateOf(look(0, "c 10"), look(2000, "c 3"), "c"), null);
  assert.equal(rateOf(look(0, ""), look(2000, "c 3"), "c"), null);
});

test("quantiles of what came between", () => {
  const before = look(0, 'h_bucket{le="1"} 10\nh_bucket{le="2"} 10\nh_bucket{le="+Inf"} 10\n');
  const now = look(1000, 'h_bucket{le="1"} 10\nh_bucket{le="2"} 14\nh_bucket{le="+Inf"} 14\n');
  assert.equal(quantileOf(before, now, "h", 0.5), 1.5);
  assert.equal(quantileOf(before, before, "h", 0.5), null);
  const far = look(1000, 'h_bucket{le="1"} 10\nh_bucket{le="2"} 10\nh_bucket{le="+Inf"} 14\n');
  assert.equal(quantileOf(before, far, "h", 0.5), 2);
});
