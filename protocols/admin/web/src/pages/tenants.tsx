// Tenants: who is billed, and how many Mobile Sync licences they have.
import { useState } from "preact/hooks";
import type { Tenant } from "../../generated/contract";
import { call, keyring } from "../client";
import { countText } from "../format";
import { useList } from "../hooks";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { Empty, Foreign, Page, Time } from "../parts/show";
import { Table } from "../parts/table";

export function Tenants() {
  const list = useList("listTenants", {});
  const [editing, setEditing] = useState<Tenant | "new" | null>(null);
  const [removing, setRemoving] = useState<Tenant | null>(null);
  return (
    <Page
      title="Tenants"
      note="Resellers and companies: who is billed."
      actions={
        <button type="button" class="primary" onClick={() => setEditing("new")}>
          New tenant
        </button>
      }
    >
      <Table
        caption="Tenants"
        items={list.items}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={<Empty title="No tenants yet">A domain belongs to one.</Empty>}
        columns={[
          { title: "Tenant", main: true, cell: (one) => <Foreign text={one.name} /> },
          { title: "Domains", numeric: true, cell: (one) => countText(one.domains) },
          {
            title: "Mobile Sync licences",
            numeric: true,
            cell: (one) =>
              one.mobile_sync_max === null ? <span class="dim">no limit</span> : countText(one.mobile_sync_max),
          },
          { title: "Made", cell: (one) => <Time at={one.created_at} /> },
          {
            title: "",
            cell: (one) => (
              <span class="row-actions">
                <button
                  type="button"
                  class="quiet small"
                  aria-label={`Change ${one.name}`}
                  onClick={() => setEditing(one)}
                >
                  Change
                </button>
                <button
                  type="button"
                  class="quiet small danger"
                  aria-label={`Delete ${one.name}`}
                  onClick={() => setRemoving(one)}
                >
                  Delete
                </button>
              </span>
            ),
          },
        ]}
      />
      {editing && (
        <EditTenant
          tenant={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => void list.reload()}
        />
      )}
      {removing && (
        <Confirm
          title={`Delete the tenant “${removing.name}”?`}
          verb="Delete tenant"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await call("deleteTenant", { tenant: removing.id });
            await list.reload();
          }}
        >
          <p>Only a tenant without domains can be deleted.</p>
        </Confirm>
      )}
    </Page>
  );
}

function EditTenant({ tenant, onClose, onSaved }: { tenant: Tenant | null; onClose: () => void; onSaved: () => void }) {
  const [keyOf] = useState(keyring);
  const form = useForm(
    { name: tenant?.name ?? "", mobile_sync_max: tenant?.mobile_sync_max?.toString() ?? "" },
    async (values) => {
      const body = {
        name: values.name.trim(),
        mobile_sync_max: values.mobile_sync_max.trim() ? Number(values.mobile_sync_max) : null,
      };
      if (tenant) await call("changeTenant", { tenant: tenant.id }, body);
      else await call("createTenant", {}, body, { key: keyOf(body.name) });
      onSaved();
      onClose();
    },
    ({ name, mobile_sync_max }) => ({
      ...(name.trim() ? {} : { name: "The name is missing" }),
      ...(/^\s*\d*\s*$/.test(mobile_sync_max) ? {} : { mobile_sync_max: "A number, or nothing" }),
    }),
  );
  return (
    <Dialog title={tenant ? `Change ${tenant.name}` : "New tenant"} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="name" label="Name" autoFocus />
        <TextField
          form={form}
          name="mobile_sync_max"
          label="Accounts with Mobile Sync at most"
          inputMode="numeric"
          placeholder="no limit"
        />
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
