import assert from "node:assert/strict";
import test from "node:test";
import { parseAccounts, parseCsv, toCsv } from "../src/csv";

test("cells, quotes and lines", () => {
  assert.deepEqual(
    parseCsv('a,"b,""c""\nd"\r\n\r\n;x\n').map((row) => [row.line, row.cells]),
    [
      [1, ["a", 'b,"c"\nd']],
      [4, ["", "x"]],
    ],
  );
  assert.deepEqual(parseCsv("\ufeffa"), [{ line: 1, cells: ["a"] }]);
  assert.deepEqual(parseCsv(""), []);
});

test("accounts by the names of the columns", () => {
  const { rows, mistake } = parseAccounts("Name,Address,Password,Quota\nAda,ADA@Example.test,secret,5 GB\n");
  assert.equal(mistake, null);
  assert.deepEqual(rows, [
    {
      line: 2,
      mistake: null,
      account: { address: "ada@example.test", password: "secret", name: "Ada", quota_octets: 5 * 1024 ** 3 },
    },
  ]);
});

const wrongFiles: Array<[string, RegExp]> = [
  ["", /empty/],
  ["address,shoe size\na@b,1", /shoe_size/],
  ["name\nAda", /address/],
  ["address,password\n", /no accounts/],
];
for (const [text, why] of wrongFiles)
  test(`a file that cannot be: ${why}`, () => assert.match(parseAccounts(text).mistake!, why));

const wrongLines: Array<[string, RegExp]> = [
  ["address,password\nada,x", /Not an address/],
  ["address,password\na@b.c,", /No password/],
  ["address,password,password_hash\na@b.c,x,y", /give one/],
  ["address,password,quota\na@b.c,x,much", /Not a size/],
  ["address,password\na@b.c,x,z", /3 cells/],
];
for (const [text, why] of wrongLines)
  test(`a line that cannot be: ${why}`, () => assert.match(parseAccounts(text).rows[0]!.mistake!, why));

test("the second of two equal addresses", () => {
  const { rows } = parseAccounts("address,password\na@b.c,x\nA@b.c,y");
  assert.deepEqual(
    rows.map((row) => row.mistake),
    [null, "The same address as in line 2"],
  );
});

test("a hundred thousand lines take no long time", () => {
  const text = "address,password\n" + Array.from({ length: 100000 }, (_, i) => `a${i}@b.c,x`).join("\n");
  assert.equal(parseAccounts(text).rows.length, 100000);
});

test("a spreadsheet finds no formula", () => {
  assert.equal(toCsv([["=1+1", 'a"b', "-2", "c,d"]]), `'=1+1,"a""b",'-2,"c,d"\r\n`);
});
