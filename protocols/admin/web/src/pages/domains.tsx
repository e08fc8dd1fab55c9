// All domains in reach, and a new one.
import { useState } from "preact/hooks";
import { call, keyring } from "../client";
import { countText } from "../format";
import { useCall, useList, useSettled } from "../hooks";
import { Dialog } from "../parts/dialog";
import { Failure, SelectField, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Empty, Foreign, Page } from "../parts/show";
import { Table } from "../parts/table";
import { go, linkTo } from "../router";
import { useSigned } from "../session";

export function Domains() {
  const { may } = useSigned();
  const [q, setQ] = useState("");
  const [making, setMaking] = useState(false);
  const settled = useSettled(q.trim().toLowerCase());
  const list = useList("listDomains", settled ? { q: settled } : {});
  return (
    <Page
      title="Domains"
      actions={
        may("domains:write") && (
          <button type="button" class="primary" onClick={() => setMaking(true)}>
            New domain
          </button>
        )
      }
    >
      <div class="filters">
        <input
          type="search"
          aria-label="Find a domain by the beginning of its name"
          placeholder="Find a domain"
          value={q}
          onInput={(event) => setQ(event.currentTarget.value)}
        />
      </div>
      <Table
        caption="Domains"
        items={list.items}
        keyOf={(one) => one.name}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        empty={
          settled ? (
            <Empty title={`No domain begins with “${settled}”`} />
          ) : (
            <Empty title="No domains yet">{may("domains:write") && "Make one, then its accounts."}</Empty>
          )
        }
        columns={[
          {
            title: "Domain",
            main: true,
            cell: (one) => (
              <a href={linkTo("domains", one.name)}>
                <Foreign text={one.name} />
              </a>
            ),
          },
          {
            title: "Accounts",
            numeric: true,
            cell: (one) => (
              <a href={linkTo("accounts") + "?domain=" + encodeURIComponent(one.name)}>{countText(one.accounts)}</a>
            ),
          },
          { title: "Plan", cell: (one) => <Foreign text={one.plan} /> },
          {
            title: "Unknown addresses",
            cell: (one) =>
              one.catch_all ? (
                <>
                  to <Foreign text={one.catch_all} />
                </>
              ) : (
                <span class="dim">refused</span>
              ),
          },
        ]}
      />
      {making && <NewDomain onClose={() => setMaking(false)} />}
    </Page>
  );
}

function NewDomain({ onClose }: { onClose: () => void }) {
  const { session, may } = useSigned();
  const plans = useCall("listPlans", {});
  const tenants = useCall("listTenants", session.tenant === null && may("tenants:write") ? { limit: 500 } : null);
  const [keyOf] = useState(keyring);
  const form = useForm(
    { name: "", plan: "", tenant: "" },
    async (values) => {
      const tenant = Number(values.tenant || tenants.value?.items[0]?.id || 0);
      const name = values.name.trim().toLowerCase();
      await call(
        "createDomain",
        {},
        {
          name,
          plan: values.plan || plans.value?.items[0]?.name || "",
          ...(tenant ? { tenant } : {}),
        },
        { key: keyOf(name) },
      );
      tell(`${name} is there`);
      onClose();
      go("domains", name);
    },
    ({ name }) => ({
      ...(/^[^\s@]+\.[^\s@]+$/.test(name.trim()) ? {} : { name: "A name such as example.com" }),
    }),
  );
  return (
    <Dialog title="New domain" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField
          form={form}
          name="name"
          label="Name"
          placeholder="example.com"
          autoFocus
          autoCapitalize="off"
          spellcheck={false}
        />
        <SelectField
          form={form}
          name="plan"
          label="Plan"
          options={(plans.value?.items ?? []).map((one) => [one.name, one.name])}
        />
        {tenants.value && (
          <SelectField
            form={form}
            name="tenant"
            label="Tenant"
            options={tenants.value.items.map((one) => [String(one.id), one.name])}
            hint="Who is billed"
          />
        )}
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Make it
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
