// How an account signs in: a new password, its app passwords, its second factor.
import { useState } from "preact/hooks";
import { call } from "../client";
import { newPassword } from "../passwords";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Card } from "../parts/show";
import { AppPasswords } from "./app_passwords";

export function AccountSignIn({ address }: { address: string }) {
  const [asking, setAsking] = useState<"password" | "factor" | null>(null);
  return (
    <Card
      title="Signing in"
      actions={
        <>
          <button type="button" class="small" onClick={() => setAsking("password")}>
            New password
          </button>
          <button type="button" class="small" onClick={() => setAsking("factor")}>
            Reset second factor
          </button>
        </>
      }
    >
      <AppPasswords
        source={{
          list: "listAppPasswords",
          args: { account: address },
          create: (body) => call("createAppPassword", { account: address }, body),
          remove: (id) => call("deleteAppPassword", { account: address, id }),
        }}
      />
      {asking === "password" && <SetPassword address={address} onClose={() => setAsking(null)} />}
      {asking === "factor" && (
        <Confirm
          title="Reset the second factor?"
          verb="Reset it"
          danger
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await call("resetSecondFactor", { account: address });
            tell("The password alone is enough now");
          }}
        >
          <p>
            For somebody who has lost the phone that makes the codes. Until a new one is set up, the password of{" "}
            {address} alone is enough for this page.
          </p>
        </Confirm>
      )}
    </Card>
  );
}

function SetPassword({ address, onClose }: { address: string; onClose: () => void }) {
  const form = useForm(
    { password: newPassword() },
    async ({ password }) => {
      await call("setPassword", { account: address }, { password });
      tell(`${address} has a new password`);
      onClose();
    },
    ({ password }) => (password === "" ? { password: "The password is missing" } : {}),
  );
  return (
    <Dialog title={`New password for ${address}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate autocomplete="off">
        <TextField
          form={form}
          name="password"
          label="Password"
          class="mono"
          autoComplete="new-password"
          spellcheck={false}
          autoFocus
          hint="Note it, it is not shown again. Programs that have the old one are asked again at once."
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Set password
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
