// One new account. A good password is offered, so that nobody has to think of a bad one.
import { useState } from "preact/hooks";
import { call, keyring } from "../client";
import { parseOctets } from "../format";
import { useCall } from "../hooks";
import { newPassword } from "../passwords";
import { Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { go } from "../router";

export function NewAccount({ domain, onClose }: { domain: string; onClose: () => void }) {
  const domains = useCall("listDomains", { limit: 500 });
  const [keyOf] = useState(keyring);
  const only = domain || (domains.value?.items.length === 1 ? domains.value.items[0]!.name : "");
  const whole = (text: string) => (text.includes("@") || !only ? text : `${text}@${only}`).trim().toLowerCase();
  const form = useForm(
    { address: "", name: "", password: newPassword(), quota_octets: "" },
    async (values) => {
      const address = whole(values.address);
      await call(
        "createAccount",
        {},
        {
          address,
          password: values.password,
          ...(values.name.trim() ? { name: values.name.trim() } : {}),
          ...(values.quota_octets.trim() ? { quota_octets: parseOctets(values.quota_octets) } : {}),
        },
        { key: keyOf(address) },
      );
      tell(`${address} is there`);
      onClose();
      go("accounts", address);
    },
    ({ address, password, quota_octets }) => ({
      ...(/^[^\s@]+@[^\s@]+$/.test(whole(address)) ? {} : { address: "A whole address, such as name@example.com" }),
      ...(password === "" ? { password: "The password is missing" } : {}),
      ...(quota_octets.trim() && parseOctets(quota_octets) === null
        ? { quota_octets: "A size such as 5 GB, or nothing" }
        : {}),
    }),
  );
  return (
    <Dialog title="New account" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate autocomplete="off">
        <TextField
          form={form}
          name="address"
          label="Address"
          autoFocus
          placeholder={only ? `name@${only}` : "name@example.com"}
          autoCapitalize="off"
          spellcheck={false}
          autoComplete="off"
          hint={only ? `The part before the @ is enough` : undefined}
        />
        <TextField form={form} name="name" label="Name" autoComplete="off" hint="As it stands in the address book" />
        <TextField
          form={form}
          name="password"
          label="Password"
          autoComplete="new-password"
          spellcheck={false}
          class="mono"
          hint="A new one each time; note it, it is not shown again"
        />
        <TextField
          form={form}
          name="quota_octets"
          label="Storage limit"
          placeholder="as the plan says"
          autoComplete="off"
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Make account
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
