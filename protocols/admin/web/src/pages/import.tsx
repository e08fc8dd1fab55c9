// Accounts from a CSV file: looked through first, sent only when every line can be, with progress; what the server
// refuses is told by line.
import { useRef, useState } from "preact/hooks";
import { call, newKey } from "../client";
import { importColumns, parseAccounts, toCsv, type ImportRow } from "../csv";
import { countText, octetsText } from "../format";
import { forEach, type Failed } from "../many";
import { Failure } from "../parts/form";
import { Progress } from "../parts/progress";
import { Card, Empty, Foreign, Mark, Page } from "../parts/show";
import { Table } from "../parts/table";
import { linkTo } from "../router";

const shownMax = 100;
const example = toCsv([[...importColumns], ["ada@example.com", "a-good-password", "", "Ada Lovelace", "5 GB"]]);

export function Import() {
  const [file, setFile] = useState<{ name: string; key: string; rows: ImportRow[]; mistake: string | null } | null>(
    null,
  );
  const [done, setDone] = useState<number | null>(null);
  const [failed, setFailed] = useState<Array<Failed<ImportRow>> | null>(null);
  const stopped = useRef(false);
  const wrong = file?.rows.filter((row) => row.mistake !== null) ?? [];
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    setFailed(null);
    setFile({ name: chosen.name, key: newKey(), ...parseAccounts(await chosen.text()) });
  };
  const run = async () => {
    if (!file) return;
    stopped.current = false;
    setDone(0);
    const refused = await forEach(
      file.rows,
      async (row) => {
        await call("createAccount", {}, row.account, { key: file.key + row.line });
      },
      setDone,
      () => stopped.current,
    );
    setDone(null);
    setFailed(refused);
  };
  return (
    <Page
      title="Import accounts"
      crumbs={[["Accounts", linkTo("accounts")]]}
      note="From a CSV file whose first line names its columns."
    >
      <Card title="File">
        <div class="prose">
          <p>
            Columns: <code>address</code>, <code>password</code> or <code>password_hash</code> (yescrypt, bcrypt,
            SHA-crypt), <code>name</code>, <code>quota</code>.{" "}
            <a href={"data:text/csv;charset=utf-8," + encodeURIComponent(example)} download="accounts.csv">
              An example
            </a>
          </p>
          <label class="file">
            <input type="file" accept=".csv,text/csv" onChange={(event) => void take(event.currentTarget.files?.[0])} />
            <span class="button">{file ? "Choose another file" : "Choose a file"}</span> {file && <b>{file.name}</b>}
          </label>
        </div>
        <Failure text={file?.mistake} />
      </Card>
      {file && file.mistake === null && (
        <Card
          title={`${countText(file.rows.length)} accounts`}
          actions={
            failed === null &&
            (done === null ? (
              <button type="button" class="primary" disabled={wrong.length > 0} onClick={() => void run()}>
                Import {countText(file.rows.length)} accounts
              </button>
            ) : (
              <button
                type="button"
                onClick={() => {
                  stopped.current = true;
                }}
              >
                Stop
              </button>
            ))
          }
        >
          {done !== null && <Progress done={done} of={file.rows.length} label="Import" />}
          {wrong.length > 0 && (
            <Failure text={`${countText(wrong.length)} lines cannot be; nothing is sent until all can.`} />
          )}
          {failed !== null && <Outcome rows={file.rows.length} failed={failed} />}
          {failed === null && <Preview rows={wrong.length > 0 ? wrong : file.rows} />}
        </Card>
      )}
    </Page>
  );
}

function Preview({ rows }: { rows: ImportRow[] }) {
  return (
    <>
      <Table
        caption="Accounts of the file"
        items={rows.slice(0, shownMax)}
        keyOf={(row) => row.line}
        columns={[
          { title: "Line", numeric: true, cell: (row) => row.line },
          { title: "Address", main: true, cell: (row) => <Foreign text={row.account.address} /> },
          { title: "Name", cell: (row) => <Foreign text={row.account.name ?? ""} /> },
          {
            title: "Storage limit",
            cell: (row) =>
              row.account.quota_octets ? (
                octetsText(row.account.quota_octets)
              ) : (
                <span class="dim">as the plan says</span>
              ),
          },
          {
            title: "",
            cell: (row) => (row.mistake ? <Mark tone="bad">{row.mistake}</Mark> : <Mark tone="good">can be</Mark>),
          },
        ]}
      />
      {rows.length > shownMax && <p class="dim">… and {countText(rows.length - shownMax)} more</p>}
    </>
  );
}

function Outcome({ rows, failed }: { rows: number; failed: Array<Failed<ImportRow>> }) {
  if (failed.length === 0)
    return (
      <Empty title={`All ${countText(rows)} accounts are there`}>
        <a href={linkTo("accounts")}>See them</a>
      </Empty>
    );
  return (
    <>
      <Failure text={`${countText(failed.length)} of ${countText(rows)} were refused; the others are there.`} />
      <Table
        caption="Refused"
        items={failed}
        keyOf={(one) => one.item.line}
        columns={[
          { title: "Line", numeric: true, cell: (one) => one.item.line },
          { title: "Address", main: true, cell: (one) => <Foreign text={one.item.account.address} /> },
          { title: "Why", cell: (one) => one.why },
        ]}
      />
    </>
  );
}
