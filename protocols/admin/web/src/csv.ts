// Accounts from a CSV file (RFC 4180) and rows to one. Pure; every line that cannot be says why, so that nothing is
// sent before all of it can be.
import type { AccountNew } from "../generated/contract";
import { parseOctets } from "./format";

export const importColumns = ["address", "password", "password_hash", "name", "quota"] as const;

export interface ImportRow {
  line: number;
  account: AccountNew;
  mistake: string | null;
}

/** Cells of each row, with the line that it begins on; blank lines are no rows. */
export function parseCsv(text: string): Array<{ line: number; cells: string[] }> {
  const rows: Array<{ line: number; cells: string[] }> = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let began = 1;
  const endRow = () => {
    cells.push(cell);
    if (cells.length > 1 || cell !== "") rows.push({ line: began, cells });
    cells = [];
    cell = "";
  };
  const source = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; ++at) {
    const c = source[at]!;
    if (c === "\n") ++line;
    if (quoted && c === '"' && source[at + 1] === '"') {
      cell += '"';
      ++at;
    } else if (c === '"' && (quoted || cell === "")) {
      quoted = !quoted;
    } else if (!quoted && (c === "," || c === ";")) {
      cells.push(cell);
      cell = "";
    } else if (!quoted && c === "\n") {
      endRow();
      began = line;
    } else {
      cell += c;
    }
  }
  endRow();
  return rows;
}

/** A first row with the columns' names is wanted: address, and of the others those that are there. */
export function parseAccounts(text: string): { rows: ImportRow[]; mistake: string | null } {
  const [head, ...rest] = parseCsv(text);
  if (head === undefined) return { rows: [], mistake: "The file is empty" };
  const names = head.cells.map((name) =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, "_"),
  );
  const unknown = names.find((name) => !(importColumns as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return {
      rows: [],
      mistake: `The first line names the columns; “${unknown}” is none of ${importColumns.join(", ")}`,
    };
  }
  if (!names.includes("address")) return { rows: [], mistake: "The column “address” is missing" };
  if (rest.length === 0) return { rows: [], mistake: "There are no accounts below the first line" };
  const seen = new Map<string, number>();
  const rows = rest.map(({ line, cells }) => {
    const row = accountOf(line, names, cells);
    const before = seen.get(row.account.address);
    if (row.mistake === null && before !== undefined) row.mistake = `The same address as in line ${before}`;
    if (before === undefined) seen.set(row.account.address, line);
    return row;
  });
  return { rows, mistake: null };
}

function accountOf(line: number, names: string[], cells: string[]): ImportRow {
  const cell = (name: string) => (cells[names.indexOf(name)] ?? "").trim();
  const account: AccountNew = { address: cell("address").toLowerCase() };
  if (cell("password")) account.password = cells[names.indexOf("password")]!;
  if (cell("password_hash")) account.password_hash = cell("password_hash");
  if (cell("name")) account.name = cell("name");
  const quota = cell("quota") ? parseOctets(cell("quota")) : undefined;
  if (quota !== undefined && quota !== null) account.quota_octets = quota;
  return { line, account, mistake: mistakeIn(account, names.length, cells.length, quota) };
}

function mistakeIn(
  account: AccountNew,
  columns: number,
  cells: number,
  quota: number | null | undefined,
): string | null {
  if (cells > columns) return `${cells} cells for ${columns} columns`;
  if (!/^[^\s@]+@[^\s@]+$/.test(account.address)) return "Not an address";
  if (account.password !== undefined && account.password_hash !== undefined) return "A password and a hash: give one";
  if (account.password === undefined && account.password_hash === undefined) return "No password";
  if (quota === null) return "Not a size, such as 5 GB";
  return null;
}

/** Rows for a spreadsheet; a cell that it would take for a formula gets an apostrophe in front. */
export function toCsv(rows: string[][]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  return rows.map((row) => row.map(cell).join(",") + "\r\n").join("");
}
