// One account: its three doors and who says so, its mailbox, how it signs in, its devices, and what was done to it.
import { useState } from "preact/hooks";
import type { Account as AccountValue } from "../../generated/contract";
import { call } from "../client";
import { countText, octetsText, parseOctets } from "../format";
import { useCall, type Asked } from "../hooks";
import { Confirm, Dialog } from "../parts/dialog";
import { FeatureRows } from "../parts/features";
import { CheckField, Failure, TextField, useForm } from "../parts/form";
import { attempt, tell } from "../parts/notices";
import { Card, Foreign, Loading, Meter, Page, Refused, Time } from "../parts/show";
import { go, linkTo } from "../router";
import { useSigned } from "../session";
import { AccountSignIn } from "./account_sign_in";
import { StatusMark } from "./accounts";
import { AuditTable } from "./audit";
import { DeviceTable } from "./device_table";

export function Account({ address }: { address: string }) {
  const { may } = useSigned();
  const account = useCall("getAccount", { account: address });
  const [deleting, setDeleting] = useState(false);
  if (account.refusal) return <Refused refusal={account.refusal} onRetry={() => void account.reload()} />;
  const value = account.value;
  if (!value) return <Loading />;
  const gone = value.status === "deleted";
  return (
    <Page
      title={<Foreign text={value.address} />}
      crumbs={[
        ["Accounts", linkTo("accounts")],
        [value.domain, linkTo("domains", value.domain)],
      ]}
      note={
        <>
          <Foreign text={value.name || "No name"} /> · <StatusMark status={value.status} /> · made{" "}
          <Time at={value.created_at} />
        </>
      }
      actions={
        !gone && (
          <>
            {may("sessions:read") && (
              <a class="button" href={linkTo("sessions") + "?account=" + encodeURIComponent(address)}>
                Sessions
              </a>
            )}
            {may("recovery:read") && (
              <a class="button" href={linkTo("accounts", address, "recovery")}>
                Deleted mail
              </a>
            )}
            {may("directory:write") && (
              <LockAndDelete account={account as Asked<AccountValue>} onDelete={() => setDeleting(true)} />
            )}
          </>
        )
      }
    >
      <div class="columns">
        <Doors account={account as Asked<AccountValue>} />
        <div>
          <Mailbox account={account as Asked<AccountValue>} />
          {may("credentials:write") && !gone && <AccountSignIn address={address} />}
        </div>
      </div>
      {may("devices:read") && !gone && <Devices address={address} />}
      {may("audit:read") && (
        <Card title="What was done to it">
          <AuditTable filter={{ object: address, limit: 10 }} brief />
        </Card>
      )}
      {deleting && (
        <Confirm
          title={`Delete ${address}?`}
          verb="Delete account"
          danger
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await call("deleteAccount", { account: address });
            tell(`${address} is deleted`);
            go("accounts");
          }}
        >
          <p>
            Nobody can sign in to it any more, and mail to it is refused. Its mail stays recoverable for the days of its
            plan.
          </p>
        </Confirm>
      )}
    </Page>
  );
}

function LockAndDelete({ account, onDelete }: { account: Asked<AccountValue>; onDelete: () => void }) {
  const { address, status } = account.value!;
  const active = status === "active";
  const change = async () =>
    account.set(await call("changeAccount", { account: address }, { status: active ? "disabled" : "active" }));
  return (
    <>
      <button
        type="button"
        onClick={() =>
          void attempt(change, active ? "Nobody can sign in to it now" : "It can be used again")
        }
      >
        {active ? "Lock out" : "Let in"}
      </button>
      <button type="button" class="danger quiet" onClick={onDelete}>
        Delete
      </button>
    </>
  );
}

function Doors({ account }: { account: Asked<AccountValue> }) {
  const { may } = useSigned();
  const value = account.value!;
  return (
    <Card title="What it may use">
      <FeatureRows
        values={value.features}
        of="account"
        mayChange={may("directory:write") && value.status !== "deleted"}
        onChange={async ({ feature, word }) => {
          const features = await call("changeAccountFeatures", { account: value.address }, { [feature]: word });
          account.set({ ...value, features });
        }}
      />
      <p class="hint">
        Mobile Sync speaks ActiveSync, whose specifications Microsoft publishes; check whether you need a licence for
        its patents.
      </p>
    </Card>
  );
}

function Mailbox({ account }: { account: Asked<AccountValue> }) {
  const { may } = useSigned();
  const [editing, setEditing] = useState(false);
  const value = account.value!;
  const { quota } = value;
  return (
    <Card
      title="Mailbox"
      actions={
        may("directory:write") &&
        value.status !== "deleted" && (
          <button type="button" class="small" onClick={() => setEditing(true)}>
            Change
          </button>
        )
      }
    >
      <dl class="facts">
        <div>
          <dt>Storage</dt>
          <dd>
            <Meter used={quota.octets} max={quota.octets_max} label="Storage" />
          </dd>
        </div>
        <div>
          <dt>Limit</dt>
          <dd>
            {quota.octets_max === null ? "none" : octetsText(quota.octets_max)}{" "}
            <span class="dim">from the {quota.from}</span>
          </dd>
        </div>
        <div>
          <dt>Messages</dt>
          <dd>
            {countText(quota.messages)}
            {quota.messages_max !== null && <> of {countText(quota.messages_max)}</>}
          </dd>
        </div>
        <div>
          <dt>Address book</dt>
          <dd>{value.in_address_book ? "others find it" : "not in it"}</dd>
        </div>
      </dl>
      {editing && <ChangeAccount account={account} onClose={() => setEditing(false)} />}
    </Card>
  );
}

function ChangeAccount({ account, onClose }: { account: Asked<AccountValue>; onClose: () => void }) {
  const value = account.value!;
  const octets =
    value.quota.from === "account" && value.quota.octets_max !== null ? octetsText(value.quota.octets_max) : "";
  const messages = value.quota.messages_max === null ? "" : String(value.quota.messages_max);
  const form = useForm(
    { name: value.name, in_address_book: value.in_address_book, quota_octets: octets, quota_messages: messages },
    async (values) => {
      account.set(
        await call(
          "changeAccount",
          { account: value.address },
          {
            ...(values.name !== value.name ? { name: values.name.trim() } : {}),
            ...(values.in_address_book !== value.in_address_book ? { in_address_book: values.in_address_book } : {}),
            ...(values.quota_octets !== octets
              ? { quota_octets: values.quota_octets.trim() ? parseOctets(values.quota_octets) : null }
              : {}),
            ...(values.quota_messages !== messages
              ? { quota_messages: values.quota_messages.trim() ? Number(values.quota_messages) : null }
              : {}),
          },
          { guarded: true },
        ),
      );
      tell("Saved");
      onClose();
    },
    ({ quota_octets, quota_messages }) => ({
      ...(quota_octets.trim() && parseOctets(quota_octets) === null
        ? { quota_octets: "A size such as 5 GB, or nothing" }
        : {}),
      ...(/^\s*([1-9]\d*)?\s*$/.test(quota_messages) ? {} : { quota_messages: "A number, or nothing" }),
    }),
  );
  return (
    <Dialog title={`Change ${value.address}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="name" label="Name" autoFocus />
        <CheckField form={form} name="in_address_book" label="Others of the domain find it in the address book" />
        <TextField
          form={form}
          name="quota_octets"
          label="Storage limit"
          placeholder="as the plan says"
          hint="Such as 5 GB; nothing: as the plan says"
        />
        <TextField
          form={form}
          name="quota_messages"
          label="Messages at most"
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

function Devices({ address }: { address: string }) {
  const devices = useCall("listAccountDevices", { account: address });
  return (
    <Card title="Devices with Mobile Sync">
      <DeviceTable
        items={devices.value?.items ?? []}
        loading={devices.loading}
        refusal={devices.refusal}
        onChanged={() => void devices.reload()}
      />
    </Card>
  );
}
