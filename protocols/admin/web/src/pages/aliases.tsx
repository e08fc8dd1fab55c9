// The aliases of a domain: addresses that lead to others.
import { useState } from "preact/hooks";
import type { Alias } from "../../generated/contract";
import { call } from "../client";
import { useList } from "../hooks";
import { Dialog } from "../parts/dialog";
import { Failure, Field, TextField, useForm } from "../parts/form";
import { attempt } from "../parts/notices";
import { Card, Empty, Foreign } from "../parts/show";
import { Table } from "../parts/table";
import { useSigned } from "../session";

export function Aliases({ domain }: { domain: string }) {
  const { may } = useSigned();
  const list = useList("listAliases", { domain });
  const [editing, setEditing] = useState<Alias | "new" | null>(null);
  const remove = (alias: Alias) =>
    attempt(async () => {
      await call("deleteAlias", { alias: alias.address });
      list.replace((one) => one.address === alias.address, null);
    }, `${alias.address} is gone`);
  return (
    <Card
      title="Aliases"
      actions={
        may("directory:write") && (
          <button type="button" class="small" onClick={() => setEditing("new")}>
            New alias
          </button>
        )
      }
    >
      <Table
        caption={`Aliases of ${domain}`}
        items={list.items}
        keyOf={(one) => one.address}
        loading={list.loading}
        refusal={list.refusal}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Empty title="No aliases">An alias is an address that leads to one or more others.</Empty>}
        columns={[
          { title: "Address", main: true, cell: (one) => <Foreign text={one.address} /> },
          { title: "Leads to", cell: (one) => <Foreign text={one.targets.join(", ")} /> },
          ...(may("directory:write")
            ? [
                {
                  title: "",
                  cell: (one: Alias) => (
                    <span class="row-actions">
                      <button
                        type="button"
                        class="quiet small"
                        onClick={() => setEditing(one)}
                        aria-label={`Change ${one.address}`}
                      >
                        Change
                      </button>
                      <button
                        type="button"
                        class="quiet small danger"
                        onClick={() => void remove(one)}
                        aria-label={`Delete ${one.address}`}
                      >
                        Delete
                      </button>
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {editing && (
        <EditAlias
          domain={domain}
          alias={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => void list.reload()}
        />
      )}
    </Card>
  );
}

interface EditProps {
  domain: string;
  alias: Alias | null;
  onClose: () => void;
  onSaved: () => void;
}

function EditAlias({ domain, alias, onClose, onSaved }: EditProps) {
  const form = useForm(
    { address: alias?.address ?? "", targets: alias?.targets.join("\n") ?? "" },
    async ({ address, targets }) => {
      const whole = address.includes("@") ? address.trim() : `${address.trim()}@${domain}`;
      await call("putAlias", { alias: whole }, { targets: targets.split(/[\s,;]+/).filter(Boolean) });
      onSaved();
      onClose();
    },
    ({ address, targets }) => ({
      ...(address.trim() ? {} : { address: "The part before the @ is enough" }),
      ...(targets.trim() ? {} : { targets: "At least one address" }),
    }),
  );
  return (
    <Dialog title={alias ? `Change ${alias.address}` : "New alias"} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        {!alias && (
          <TextField
            form={form}
            name="address"
            label="Address"
            autoFocus
            placeholder={`sales@${domain}`}
            autoCapitalize="off"
            spellcheck={false}
          />
        )}
        <Field label="Leads to" hint="One address a line; addresses elsewhere are possible" error={form.errors.targets}>
          {(ids) => (
            <textarea
              {...ids}
              rows={5}
              spellcheck={false}
              value={form.values.targets}
              onInput={(event) => form.set("targets", event.currentTarget.value)}
            />
          )}
        </Field>
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
