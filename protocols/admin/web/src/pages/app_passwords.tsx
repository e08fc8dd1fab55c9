// Passwords for one program each, limited to some doors; of an account, or one's own. Told once, when they are made.
import { useState } from "preact/hooks";
import type { AppPassword, AppPasswordDoor, AppPasswordMade, AppPasswordNew } from "../../generated/contract";
import { featureName } from "../format";
import { useCall } from "../hooks";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { Copyable, Empty, Foreign, Time } from "../parts/show";
import { Table } from "../parts/table";

const doors: AppPasswordDoor[] = ["imap", "pop3", "mobile_sync", "submission"];

interface Source {
  list: "listAppPasswords" | "listMyAppPasswords";
  args: { account: string } | Record<never, never>;
  create: (body: AppPasswordNew) => Promise<AppPasswordMade>;
  remove: (id: number) => Promise<unknown>;
}

export function AppPasswords({ source }: { source: Source }) {
  const list = useCall(source.list, source.args as { account: string });
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<AppPassword | null>(null);
  return (
    <>
      <Table
        caption="App passwords"
        items={list.value?.items ?? []}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        empty={
          <Empty title="No app passwords">One for each program: if a phone is lost, only its own has to go.</Empty>
        }
        columns={[
          { title: "App password", main: true, cell: (one) => <Foreign text={one.name} /> },
          { title: "Opens", cell: (one) => one.doors.map(featureName).join(", ") || "all doors" },
          { title: "Made", cell: (one) => <Time at={one.created_at} /> },
          {
            title: "",
            cell: (one) => (
              <span class="row-actions">
                <button
                  type="button"
                  class="quiet small danger"
                  aria-label={`Revoke ${one.name}`}
                  onClick={() => setRemoving(one)}
                >
                  Revoke
                </button>
              </span>
            ),
          },
        ]}
      />
      <p>
        <button type="button" class="small" onClick={() => setMaking(true)}>
          New app password
        </button>
      </p>
      {making && (
        <NewAppPassword
          create={source.create}
          onClose={() => {
            setMaking(false);
            void list.reload();
          }}
        />
      )}
      {removing && (
        <Confirm
          title={`Revoke “${removing.name}”?`}
          verb="Revoke"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await source.remove(removing.id);
            await list.reload();
          }}
        >
          <p>The program that has it can no longer sign in.</p>
        </Confirm>
      )}
    </>
  );
}

function NewAppPassword({ create, onClose }: { create: Source["create"]; onClose: () => void }) {
  const [made, setMade] = useState<AppPasswordMade | null>(null);
  const [opens, setOpens] = useState<Set<AppPasswordDoor>>(new Set(doors));
  const form = useForm(
    { name: "" },
    async ({ name }) => {
      setMade(
        await create({
          name: name.trim(),
          ...(opens.size < doors.length ? { doors: doors.filter((door) => opens.has(door)) } : {}),
        }),
      );
    },
    ({ name }) => (name.trim() === "" ? { name: "What is it for?" } : {}),
  );
  const toggle = (door: AppPasswordDoor) => {
    const next = new Set(opens);
    if (!next.delete(door)) next.add(door);
    setOpens(next);
  };
  if (made) {
    return (
      <Dialog title="Note it now" onClose={onClose}>
        <p>It is shown this once. Type it in where the program asks for a password:</p>
        <p class="big">
          <Copyable text={made.password} label="app password" />
        </p>
        <footer class="actions">
          <button type="button" class="primary" onClick={onClose}>
            I have noted it
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="New app password" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField
          form={form}
          name="name"
          label="What it is for"
          autoFocus
          placeholder="Phone, Thunderbird at home, …"
        />
        <fieldset>
          <legend>What it opens</legend>
          {doors.map((door) => (
            <label class="check" key={door}>
              <input type="checkbox" checked={opens.has(door)} onChange={() => toggle(door)} />
              {featureName(door)}
            </label>
          ))}
        </fieldset>
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy || opens.size === 0}>
            Make it
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
