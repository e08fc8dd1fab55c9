// What can be done with all accounts that are chosen: one request each, with progress, and what was refused by name.
import { useState } from "preact/hooks";
import type { Account, FeatureName } from "../../generated/contract";
import { call } from "../client";
import { featureName } from "../format";
import { forEach, type Failed } from "../many";
import { Confirm } from "../parts/dialog";
import { tell } from "../parts/notices";
import { Progress } from "../parts/progress";
import { Foreign } from "../parts/show";

type Action = { title: string; work: (address: string) => Promise<Account | null>; danger?: boolean };

const switchAction = (feature: FeatureName, on: boolean): Action => ({
  title: `${featureName(feature)} ${on ? "on" : "off"}`,
  work: async (account) => {
    await call("changeAccountFeatures", { account }, { [feature]: on });
    return call("getAccount", { account });
  },
});

const actions: Action[] = [
  switchAction("mobile_sync", true),
  switchAction("mobile_sync", false),
  switchAction("imap", true),
  switchAction("imap", false),
  switchAction("pop3", true),
  switchAction("pop3", false),
  { title: "Let them in", work: (account) => call("changeAccount", { account }, { status: "active" }) },
  { title: "Lock them out", work: (account) => call("changeAccount", { account }, { status: "disabled" }) },
  {
    title: "Delete",
    danger: true,
    work: async (account) => {
      await call("deleteAccount", { account });
      return null;
    },
  },
];

interface BulkProps {
  addresses: string[];
  onClear: () => void;
  onChanged: (account: Account) => void;
  onDeleted: (address: string) => void;
}

export function Bulk({ addresses, onClear, onChanged, onDeleted }: BulkProps) {
  const [title, setTitle] = useState("");
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  const [failed, setFailed] = useState<Array<Failed<string>>>([]);
  const action = actions.find((one) => one.title === title);
  const run = async () => {
    if (!action) return;
    setFailed([]);
    setDone(0);
    const refused = await forEach(
      addresses,
      async (address) => {
        const account = await action.work(address);
        if (account) onChanged(account);
        else onDeleted(address);
      },
      setDone,
    );
    setDone(null);
    setFailed(refused);
    tell(`${action.title}: ${addresses.length - refused.length} of ${addresses.length} accounts`);
    if (refused.length === 0) onClear();
  };
  return (
    <section class="bulk" aria-label="For the chosen accounts">
      <b>{addresses.length} chosen</b>
      <select aria-label="What to do with them" value={title} onChange={(event) => setTitle(event.currentTarget.value)}>
        <option value="">What to do…</option>
        {actions.map((one) => (
          <option key={one.title}>{one.title}</option>
        ))}
      </select>
      <button
        type="button"
        class={action?.danger ? "danger" : "primary"}
        disabled={!action || done !== null}
        onClick={() => (action?.danger ? setAsking(true) : void run())}
      >
        Do it
      </button>
      <button type="button" class="quiet" disabled={done !== null} onClick={onClear}>
        Choose none
      </button>
      {done !== null && <Progress done={done} of={addresses.length} label={title} />}
      {failed.length > 0 && (
        <ul class="failed" role="alert">
          {failed.map((one) => (
            <li key={one.item}>
              <Foreign text={one.item} />: {one.why}
            </li>
          ))}
        </ul>
      )}
      {asking && (
        <Confirm
          title={`Delete ${addresses.length} accounts?`}
          verb={`Delete ${addresses.length} accounts`}
          danger
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            setAsking(false);
            void run();
          }}
        >
          <p>Nobody can sign in to them any more. Their mail stays recoverable for the days of their plan.</p>
        </Confirm>
      )}
    </section>
  );
}
