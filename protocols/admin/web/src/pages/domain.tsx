// One domain: what its accounts may use, its plan, where unknown addresses go, its aliases.
import { useState } from "preact/hooks";
import type { Domain as DomainValue } from "../../generated/contract";
import { call } from "../client";
import { countText, featureName } from "../format";
import { useCall, type Asked } from "../hooks";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, SelectField, TextField, useForm } from "../parts/form";
import { attempt, tell } from "../parts/notices";
import { Card, Foreign, Loading, Page, Refused, Time } from "../parts/show";
import { FeatureRows, type FeatureWord } from "../parts/features";
import { go, linkTo } from "../router";
import { useSigned } from "../session";
import { Aliases } from "./aliases";
import { DeletedAccounts } from "./deleted_accounts";
import { DomainRetention } from "./domain_retention";
import { DomainRoom } from "./domain_room";

export function Domain({ name }: { name: string }) {
  const { may } = useSigned();
  const domain = useCall("getDomain", { domain: name });
  const [deleting, setDeleting] = useState(false);
  if (domain.refusal) return <Refused refusal={domain.refusal} onRetry={() => void domain.reload()} />;
  if (!domain.value) return <Loading />;
  const accounts = linkTo("accounts") + "?domain=" + encodeURIComponent(name);
  return (
    <Page
      title={<Foreign text={name} />}
      crumbs={[["Domains", linkTo("domains")]]}
      note={
        <>
          <a href={accounts}>{countText(domain.value.accounts)} accounts</a> · made{" "}
          <Time at={domain.value.created_at} />
        </>
      }
      actions={
        may("domains:write") && (
          <button type="button" class="danger quiet" onClick={() => setDeleting(true)}>
            Delete domain
          </button>
        )
      }
    >
      <div class="columns">
        <DomainFeatures name={name} />
        <Facts domain={domain as Asked<DomainValue>} />
      </div>
      <div class="columns">
        <DomainRoom name={name} />
        <DomainRetention name={name} />
      </div>
      <Aliases domain={name} />
      {may("recovery:read") && <DeletedAccounts domain={name} />}
      {deleting && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete domain"
          danger
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await call("deleteDomain", { domain: name });
            tell(`${name} is gone`);
            go("domains");
          }}
        >
          <p>Its aliases go with it. A domain that has accounts, recoverable ones included, is not deleted.</p>
        </Confirm>
      )}
    </Page>
  );
}

function DomainFeatures({ name }: { name: string }) {
  const { may } = useSigned();
  const features = useCall("getDomainFeatures", { domain: name });
  const [forAll, setForAll] = useState<FeatureWord | null>(null);
  const change = async ({ feature, word }: FeatureWord, overrides: "keep" | "clear") =>
    features.set(await call("changeDomainFeatures", { domain: name, overrides }, { [feature]: word }));
  return (
    <Card title="What accounts may use">
      {features.refusal && <Refused refusal={features.refusal} />}
      {features.value && (
        <FeatureRows
          values={features.value}
          of="domain"
          mayChange={may("directory:write")}
          onChange={(word) => change(word, "keep")}
          onForAll={setForAll}
        />
      )}
      {forAll && (
        <Confirm
          title={`${featureName(forAll.feature)} ${forAll.word ? "on" : "off"} for every account?`}
          verb={forAll.word ? "Switch on for all" : "Switch off for all"}
          onClose={() => setForAll(null)}
          onConfirm={() =>
            change(forAll, "clear").then(() =>
              tell(`${featureName(forAll.feature)} is ${forAll.word ? "on" : "off"} in all of ${name}`),
            )
          }
        >
          <p>
            Accounts of {name} that were given a word of their own about it lose that word and follow the domain from
            now on.
          </p>
        </Confirm>
      )}
    </Card>
  );
}

function Facts({ domain }: { domain: Asked<DomainValue> }) {
  const { may } = useSigned();
  const [editing, setEditing] = useState(false);
  const [catching, setCatching] = useState(false);
  const value = domain.value!;
  return (
    <Card
      title="Domain"
      actions={
        may("domains:write") && (
          <button type="button" class="small" onClick={() => setEditing(true)}>
            Change
          </button>
        )
      }
    >
      <dl class="facts">
        <div>
          <dt>Plan</dt>
          <dd>
            <Foreign text={value.plan} />
          </dd>
        </div>
        <div>
          <dt>Unknown addresses</dt>
          <dd>
            {value.catch_all ? (
              <>
                go to <Foreign text={value.catch_all} />
              </>
            ) : (
              <span class="dim">are refused</span>
            )}{" "}
            {may("directory:write") && (
              <button type="button" class="quiet small" onClick={() => setCatching(true)}>
                {value.catch_all ? "Change" : "Catch them"}
              </button>
            )}
            {may("directory:write") && value.catch_all && (
              <button
                type="button"
                class="quiet small"
                onClick={() =>
                  void attempt(async () => {
                    await call("deleteCatchAll", { domain: value.name });
                    await domain.reload();
                  }, "Unknown addresses are refused now")
                }
              >
                Refuse them
              </button>
            )}
          </dd>
        </div>
      </dl>
      {editing && <ChangePlan domain={domain} onClose={() => setEditing(false)} />}
      {catching && <CatchAll domain={domain} onClose={() => setCatching(false)} />}
    </Card>
  );
}

function ChangePlan({ domain, onClose }: { domain: Asked<DomainValue>; onClose: () => void }) {
  const plans = useCall("listPlans", {});
  const value = domain.value!;
  const form = useForm({ plan: value.plan }, async ({ plan }) => {
    domain.set(await call("changeDomain", { domain: value.name }, { plan }, { guarded: true }));
    onClose();
  });
  const names = new Set([value.plan, ...(plans.value?.items ?? []).map((one) => one.name)]);
  return (
    <Dialog title={`Plan of ${value.name}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <SelectField
          form={form}
          name="plan"
          label="Plan"
          options={[...names].map((name) => [name, name])}
          hint="Counts at once for every account without a word of its own"
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

function CatchAll({ domain, onClose }: { domain: Asked<DomainValue>; onClose: () => void }) {
  const value = domain.value!;
  const form = useForm({ address: value.catch_all ?? "" }, async ({ address }) => {
    domain.set(await call("setCatchAll", { domain: value.name }, { address: address.trim() }));
    onClose();
  });
  return (
    <Dialog title="Catch unknown addresses" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField
          form={form}
          name="address"
          label="Send them to"
          type="email"
          autoFocus
          placeholder={`office@${value.name}`}
          hint="Expect a lot of spam there"
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Catch them
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
