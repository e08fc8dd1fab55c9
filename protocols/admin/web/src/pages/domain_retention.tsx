// After how many days mail leaves Trash and Junk by itself.
import { useState } from "preact/hooks";
import type { RetentionRules } from "../../generated/contract";
import { call } from "../client";
import { useCall } from "../hooks";
import { Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Card, Refused } from "../parts/show";
import { useSigned } from "../session";

function words(days: number | null): string {
  if (days === null) return "as the plan says";
  return days === 0 ? "never" : `after ${days} ${days === 1 ? "day" : "days"}`;
}

export function DomainRetention({ name }: { name: string }) {
  const { may } = useSigned();
  const rules = useCall("getDomainRetention", { domain: name });
  const [editing, setEditing] = useState(false);
  const value = rules.value;
  return (
    <Card
      title="Cleaning up"
      actions={
        may("directory:write") &&
        value && (
          <button type="button" class="small" onClick={() => setEditing(true)}>
            Change days
          </button>
        )
      }
    >
      {rules.refusal && <Refused refusal={rules.refusal} />}
      {value && (
        <dl class="facts">
          <div>
            <dt>Mail leaves Trash</dt>
            <dd>{words(value.trash_days)}</dd>
          </div>
          <div>
            <dt>Mail leaves Junk</dt>
            <dd>{words(value.junk_days)}</dd>
          </div>
        </dl>
      )}
      {editing && value && (
        <ChangeRules name={name} rules={value} onClose={() => setEditing(false)} onSaved={rules.set} />
      )}
    </Card>
  );
}

interface ChangeRulesProps {
  name: string;
  rules: RetentionRules;
  onClose: () => void;
  onSaved: (rules: RetentionRules) => void;
}

const textOf = (days: number | null) => (days === null ? "" : String(days));
const daysOf = (text: string) => (text.trim() ? Number(text) : null);
const daysFault = (text: string) => (/^\s*\d{0,4}\s*$/.test(text) ? "" : "A number of days, or nothing");

function ChangeRules({ name, rules, onClose, onSaved }: ChangeRulesProps) {
  const form = useForm(
    { trash_days: textOf(rules.trash_days), junk_days: textOf(rules.junk_days) },
    async ({ trash_days, junk_days }) => {
      const change = { trash_days: daysOf(trash_days), junk_days: daysOf(junk_days) };
      onSaved(await call("changeDomainRetention", { domain: name }, change));
      tell("Saved");
      onClose();
    },
    ({ trash_days, junk_days }) => ({ trash_days: daysFault(trash_days), junk_days: daysFault(junk_days) }),
  );
  const hint = "Days; 0: never; nothing: as the plan says. What has left can be brought back as if it had been deleted.";
  return (
    <Dialog title={`Cleaning up in ${name}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="trash_days" label="Mail leaves Trash after" inputMode="numeric" hint={hint} />
        <TextField form={form} name="junk_days" label="Mail leaves Junk after" inputMode="numeric" />
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
