import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { qrOf } from "../src/qr";

// The digests are of codes that another program (zbarimg) has read.
const uri = "otpauth://totp/Postern:ada@example.test?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Postern";
for (const [text, size, digest] of [
  ["hi", 21, "05d7684a6c56e7dc"],
  [uri, 41, "cc774f4cdf643485"],
] as const) {
  test(`a code of ${text.length} letters`, () => {
    const modules = qrOf(text)!;
    assert.equal(modules.length, size);
    const drawn = modules.map((row) => row.map((dark) => (dark ? "#" : ".")).join("")).join("\n");
    assert.equal(createHash("sha256").update(drawn).digest("hex").slice(0, 16), digest);
  });
}

test("as long as it can be, and longer", () => {
  assert.equal(qrOf("x".repeat(412))!.length, 77);
  assert.equal(qrOf("x".repeat(413)), null);
});
