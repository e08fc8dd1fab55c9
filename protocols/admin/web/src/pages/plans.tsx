// Plans: what an account may use and how much, unless its domain or it itself has another word.
import { useState } from "preact/hooks";
import type { Plan } from "../../generated/contract";
import { call } from "../client";
import { featureName, features, octetsText, parseOctets } from "../format";
import { useCall } from "../hooks";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { Empty, Foreign, Page } from "../parts/show";
import { Table } from "../parts/table";
import { useSigned } from "../session";

export function Plans() {
  const { may } = useSigned();
  const list = useCall("listPlans", {});
  const [editing, setEditing] = useState<Plan | "new" | null>(null);
  const [removing, setRemoving] = useState<Plan | null>(null);
  return (
    <Page
      title="Plans"
      note="What a domain's accounts may use, unless the domain or the account says otherwise."
      actions={
        may("tenants:write") && (
          <button type="button" class="primary" onClick={() => setEditing("new")}>
            New plan
          </button>
        )
      }
    >
      <Table
        caption="Plans"
        items={list.value?.items ?? []}
        keyOf={(one) => one.name}
        loading={list.loading}
        refusal={list.refusal}
        onRetry={() => void list.reload()}
        empty={<Empty title="No plans yet">A domain needs one.</Empty>}
        columns={[
          { title: "Plan", main: true, cell: (one) => <Foreign text={one.name} /> },
          {
            title: "What is on",
            cell: (one) =>
              features
                .filter((name) => one.features[name])
                .map(featureName)
                .join(", ") || <span class="dim">nothing</span>,
          },
          {
            title: "Storage",
            numeric: true,
            cell: (one) =>
              one.quota_octets === null ? <span class="dim">no limit</span> : octetsText(one.quota_octets),
          },
          { title: "Recovery", numeric: true, cell: (one) => `${one.recovery_days} days` },
          ...(may("tenants:write")
            ? [
                {
                  title: "",
                  cell: (one: Plan) => (
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
              ]
            : []),
        ]}
      />
      {editing && (
        <EditPlan
          plan={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => void list.reload()}
        />
      )}
      {removing && (
        <Confirm
          title={`Delete the plan “${removing.name}”?`}
          verb="Delete plan"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await call("deletePlan", { plan: removing.name });
            await list.reload();
          }}
        >
          <p>Only a plan that no domain has can be deleted.</p>
        </Confirm>
      )}
    </Page>
  );
}

function EditPlan({ plan, onClose, onSaved }: { plan: Plan | null; onClose: () => void; onSaved: () => void }) {
  const [on, setOn] = useState(
    () =>
      new Set(
        features.filter((name) => (plan ? plan.features[name] : name !== "mobile_sync" && name !== "recovery_for_pop")),
      ),
  );
  const form = useForm(
    {
      name: plan?.name ?? "",
      quota_octets: plan?.quota_octets ? octetsText(plan.quota_octets) : "",
      recovery_days: String(plan?.recovery_days ?? 14),
    },
    async (values) => {
      await call(
        "putPlan",
        { plan: values.name.trim() },
        {
          features: Object.fromEntries(features.map((name) => [name, on.has(name)])),
          quota_octets: values.quota_octets.trim() ? parseOctets(values.quota_octets) : null,
          recovery_days: Number(values.recovery_days),
        },
      );
      onSaved();
      onClose();
    },
    ({ name, quota_octets, recovery_days }) => ({
      ...(name.trim() ? {} : { name: "The name is missing" }),
      ...(quota_octets.trim() && parseOctets(quota_octets) === null
        ? { quota_octets: "A size such as 5 GB, or nothing" }
        : {}),
      ...(/^\d+$/.test(recovery_days) && Number(recovery_days) <= 90 ? {} : { recovery_days: "0 to 90" }),
    }),
  );
  return (
    <Dialog title={plan ? `Change the plan “${plan.name}”` : "New plan"} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        {!plan && <TextField form={form} name="name" label="Name" autoFocus placeholder="business" />}
        <fieldset>
          <legend>What is on</legend>
          {features.map((name) => (
            <label class="check" key={name}>
              <input
                type="checkbox"
                checked={on.has(name)}
                onChange={() =>
                  setOn((old) => {
                    const next = new Set(old);
                    if (!next.delete(name)) next.add(name);
                    return next;
                  })
                }
              />
              {featureName(name)}
            </label>
          ))}
        </fieldset>
        <TextField form={form} name="quota_octets" label="Storage of an account" placeholder="no limit" />
        <TextField
          form={form}
          name="recovery_days"
          label="Days that deleted mail is recoverable"
          inputMode="numeric"
          hint="0 to 90"
        />
        {plan && <p class="hint">Changes count at once for every domain that has this plan.</p>}
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
