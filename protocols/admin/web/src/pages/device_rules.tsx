// Which phones may come without being asked: the first rule that fits counts, and the domain's own come first.
import { useState } from "preact/hooks";
import type { DeviceRule } from "../../generated/contract";
import { call } from "../client";
import { useCall } from "../hooks";
import { Dialog } from "../parts/dialog";
import { CheckField, Failure, SelectField, TextField, useForm } from "../parts/form";
import { attempt } from "../parts/notices";
import { Card, Empty, Foreign, Mark } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { useSigned } from "../session";

const fieldNames: Record<DeviceRule["field"], string> = {
  type: "type",
  agent: "user agent",
  version: "protocol version",
  model: "model",
  os: "operating system",
};
const tones = { allowed: "good", blocked: "bad", quarantined: "warn" } as const;

export function DeviceRules({ domain }: { domain: string }) {
  const { may, session } = useSigned();
  const rules = useCall("listDeviceRules", { domain });
  const [adding, setAdding] = useState(false);
  const remove = (rule: DeviceRule) =>
    attempt(async () => {
      await call("deleteDeviceRule", { domain, rule: rule.id });
      await rules.reload();
    }, "The rule is gone");
  const reachesTenant = session.domain === null;
  const columns: Column<DeviceRule>[] = [
    {
      title: "Devices whose",
      main: true,
      cell: (one) => (
        <>
          {fieldNames[one.field]} is <Foreign text={one.pattern} />
        </>
      ),
    },
    { title: "Are", cell: (one) => <Mark tone={tones[one.access]}>{one.access}</Mark> },
    { title: "In", cell: (one) => (one.everywhere ? "every domain of the tenant" : "this domain") },
    { title: "Position", numeric: true, cell: (one) => one.position },
    ...(may("devices:write")
      ? [
          {
            title: "",
            cell: (one: DeviceRule) =>
              (reachesTenant || !one.everywhere) && (
                <span class="row-actions">
                  <button
                    type="button"
                    class="quiet small danger"
                    aria-label={`Delete the rule for ${fieldNames[one.field]} ${one.pattern}`}
                    onClick={() => void remove(one)}
                  >
                    Delete
                  </button>
                </span>
              ),
          },
        ]
      : []),
  ];
  return (
    <Card
      title={`Rules of ${domain}`}
      actions={
        may("devices:write") && (
          <button type="button" class="small" onClick={() => setAdding(true)}>
            New rule
          </button>
        )
      }
    >
      <Table
        caption={`Device rules of ${domain}`}
        items={rules.value?.items ?? []}
        keyOf={(one) => one.id}
        loading={rules.loading}
        refusal={rules.refusal}
        empty={<Empty title="No rules">Every device is treated as the server's settings say.</Empty>}
        columns={columns}
      />
      {adding && (
        <AddRule
          domain={domain}
          reachesTenant={reachesTenant}
          onClose={() => setAdding(false)}
          onAdded={() => void rules.reload()}
        />
      )}
    </Card>
  );
}

interface AddRuleProps {
  domain: string;
  reachesTenant: boolean;
  onClose: () => void;
  onAdded: () => void;
}

function AddRule({ domain, reachesTenant, onClose, onAdded }: AddRuleProps) {
  const form = useForm(
    { field: "type", pattern: "*", access: "quarantined", position: "0", everywhere: false },
    async ({ field, pattern, access, position, everywhere }) => {
      await call(
        "addDeviceRule",
        { domain },
        {
          field: field as DeviceRule["field"],
          pattern: pattern.trim(),
          access: access as DeviceRule["access"],
          position: Number(position),
          ...(everywhere ? { everywhere } : {}),
        },
      );
      onAdded();
      onClose();
    },
    ({ pattern, position }) => ({
      ...(pattern.trim() ? {} : { pattern: "* stands for anything" }),
      ...(/^\s*-?\d{1,6}\s*$/.test(position) ? {} : { position: "A whole number" }),
    }),
  );
  return (
    <Dialog title="New rule" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <SelectField form={form} name="field" label="Devices whose" options={Object.entries(fieldNames)} />
        <TextField
          form={form}
          name="pattern"
          label="is"
          hint="The whole of it, without case; * stands for anything"
          autoCapitalize="off"
          spellcheck={false}
        />
        <SelectField
          form={form}
          name="access"
          label="are"
          options={[
            ["quarantined", "quarantined until an administrator decides"],
            ["blocked", "blocked"],
            ["allowed", "allowed"],
          ]}
        />
        <TextField form={form} name="position" label="Position" hint="Rules with lower ones come first" inputMode="numeric" />
        {reachesTenant && <CheckField form={form} name="everywhere" label="In every domain of the tenant" />}
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Add rule
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
