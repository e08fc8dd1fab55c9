// One-time codes (RFC 6238) for signing in to this page: set up with an app, confirmed with a first code.
import { useState } from "preact/hooks";
import type { SecondFactor } from "../../generated/contract";
import { call } from "../client";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { attempt, tell } from "../parts/notices";
import { QrCode } from "../parts/qr_code";
import { Card, Copyable, Mark } from "../parts/show";
import { useSigned } from "../session";

export function SecondFactorCard() {
  const { session, refresh } = useSigned();
  const [fresh, setFresh] = useState<SecondFactor | null>(null);
  const [removing, setRemoving] = useState(false);
  return (
    <Card title="Second factor">
      <p>
        Signing in to this page{" "}
        {session.second_factor
          ? "needs a code from your app as well."
          : "needs the password only. A code from an app on your phone keeps out whoever has learnt it."}{" "}
        <Mark tone={session.second_factor ? "good" : "warn"}>{session.second_factor ? "on" : "off"}</Mark>
      </p>
      <p class="hint">
        Mail programs cannot ask for codes; they sign in with the password or, better, an app password.
      </p>
      <footer class="actions">
        {session.second_factor ? (
          <button type="button" class="danger quiet" onClick={() => setRemoving(true)}>
            Switch off
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            onClick={() => void attempt(async () => setFresh(await call("beginSecondFactor", {})))}
          >
            Set it up
          </button>
        )}
      </footer>
      {fresh && <SetUp factor={fresh} onClose={() => setFresh(null)} onDone={() => void refresh()} />}
      {removing && (
        <Confirm
          title="Switch the second factor off?"
          verb="Switch off"
          danger
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await call("removeSecondFactor", {});
            await refresh();
          }}
        >
          <p>From then on the password alone is enough.</p>
        </Confirm>
      )}
    </Card>
  );
}

function SetUp({ factor, onClose, onDone }: { factor: SecondFactor; onClose: () => void; onDone: () => void }) {
  const form = useForm(
    { code: "" },
    async ({ code }) => {
      await call("confirmSecondFactor", {}, { code: code.replace(/\s/g, "") });
      tell("The second factor is on");
      onClose();
      onDone();
    },
    ({ code }) => (/^\s*\d{3}\s?\d{3}\s*$/.test(code) ? {} : { code: "Six digits, as your app shows them" }),
  );
  return (
    <Dialog title="Set up the second factor" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <p>Scan this with an authenticator app, or type the key in:</p>
        <QrCode text={factor.uri} label="The key as a QR code" />
        <p>
          <Copyable text={factor.secret.replace(/(.{4})(?=.)/g, "$1 ")} label="key" />
        </p>
        <TextField
          form={form}
          name="code"
          label="The code that it shows"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Switch on
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
