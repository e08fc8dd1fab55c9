// Who may sign in here, and how far their reach goes.
import { useState } from "preact/hooks";
import { call, keyring } from "../client";
import { useList } from "../hooks";
import { newPassword } from "../passwords";
import { Dialog } from "../parts/dialog";
import { Failure, SelectField, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Foreign, Mark, Page, Time } from "../parts/show";
import { Table } from "../parts/table";
import { linkTo } from "../router";
import { roleName, useSigned } from "../session";

const roles = ["provider", "reseller", "domain_admin", "domain_reader", "help_desk", "billing"] as const;
type GivenRole = (typeof roles)[number];

export function Administrators() {
  const { may } = useSigned();
  const list = useList("listAdministrators", {});
  const [making, setMaking] = useState(false);
  return (
    <Page
      title="Administrators"
      note="Who may sign in here or have tokens for programs."
      actions={
        may("administrators:write") && (
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            New administrator
          </button>
        )
      }
    >
      <Table
        caption="Administrators"
        items={list.items}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        columns={[
          {
            title: "Name",
            main: true,
            cell: (one) => (
              <a href={linkTo("administrators", String(one.id))}>
                <Foreign text={one.name} />
              </a>
            ),
          },
          { title: "Role", cell: (one) => roleName(one.role) },
          {
            title: "Reach",
            cell: (one) =>
              one.domain ? <Foreign text={one.domain} /> : one.tenant !== null ? `tenant ${one.tenant}` : "everything",
          },
          {
            title: "Second factor",
            cell: (one) => (one.second_factor ? <Mark tone="good">on</Mark> : <Mark tone="warn">off</Mark>),
          },
          {
            title: "State",
            cell: (one) => (one.locked ? <Mark tone="bad">locked</Mark> : <Mark tone="good">active</Mark>),
          },
          { title: "Made", cell: (one) => <Time at={one.created_at} /> },
        ]}
      />
      {making && <NewAdministrator onClose={() => setMaking(false)} onMade={() => void list.reload()} />}
    </Page>
  );
}

function NewAdministrator({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { session } = useSigned();
  const [keyOf] = useState(keyring);
  const form = useForm(
    { name: "", password: newPassword(), role: "domain_admin" as GivenRole, tenant: "", domain: "" },
    async (values) => {
      const name = values.name.trim();
      await call(
        "createAdministrator",
        {},
        {
          name,
          password: values.password,
          role: values.role,
          ...(values.tenant.trim() ? { tenant: Number(values.tenant) } : {}),
          ...(values.domain.trim() ? { domain: values.domain.trim().toLowerCase() } : {}),
        },
        { key: keyOf(JSON.stringify(values)) },
      );
      tell(`${name} may sign in`);
      onMade();
      onClose();
    },
    ({ name, tenant }) => ({
      ...(/^[\w.-]{1,64}$/.test(name.trim()) ? {} : { name: "Letters, digits, dots, hyphens, underscores; no @" }),
      ...(/^\s*\d*\s*$/.test(tenant) ? {} : { tenant: "The number of the tenant" }),
    }),
  );
  return (
    <Dialog title="New administrator" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate autocomplete="off">
        <TextField
          form={form}
          name="name"
          label="Name"
          autoFocus
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
        />
        <TextField
          form={form}
          name="password"
          label="Password"
          class="mono"
          autoComplete="new-password"
          spellcheck={false}
          hint="Note it, it is not shown again"
        />
        <SelectField
          form={form}
          name="role"
          label="Role"
          options={roles.map((role) => [role, roleName(role)])}
          hint="With no more rights than your own"
        />
        {session.tenant === null && (
          <TextField
            form={form}
            name="tenant"
            label="Tenant"
            inputMode="numeric"
            placeholder="none"
            hint="Of a reseller: where the reach ends"
          />
        )}
        <TextField
          form={form}
          name="domain"
          label="Domain"
          placeholder="none"
          hint="Of a domain administrator: where the reach ends"
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Make administrator
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
