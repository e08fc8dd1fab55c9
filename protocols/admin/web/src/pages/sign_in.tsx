// The door of the page: name and password, and a code where a second factor is on. What was wrong is not said in
// more detail than the server does.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Session } from "../../generated/contract";
import { call, Refusal } from "../client";
import { Logo } from "../parts/logo";
import { Failure, TextField, useForm } from "../parts/form";

export function SignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [wantsCode, setWantsCode] = useState(false);
  const codeField = useRef<HTMLDivElement>(null);
  const form = useForm(
    { name: "", password: "", code: "" },
    async ({ name, password, code }) => {
      try {
        onSignedIn(
          await call(
            "signIn",
            {},
            { name: name.trim(), password, ...(wantsCode ? { code: code.replace(/\s/g, "") } : {}) },
          ),
        );
      } catch (error) {
        const asksForCode = error instanceof Refusal && error.kind === "second-factor";
        if (!asksForCode) throw error;
        if (wantsCode)
          throw new Refusal(401, { ...error.problem, errors: [{ member: "code", detail: error.message }] });
        setWantsCode(true);
      }
    },
    ({ name, password, code }) => ({
      ...(name.trim() === "" ? { name: "Who are you?" } : {}),
      ...(password === "" ? { password: "The password is missing" } : {}),
      ...(wantsCode && !/^\s*\d{3}\s?\d{3}\s*$/.test(code) ? { code: "Six digits, as your app shows them" } : {}),
    }),
  );
  useEffect(() => {
    document.title = "Sign in · Postern";
  }, []);
  useEffect(() => {
    if (wantsCode) codeField.current?.querySelector("input")?.focus();
  }, [wantsCode]);
  return (
    <main class="alone">
      <form class="card sign-in" onSubmit={form.onSubmit} noValidate>
        <h1>
          <Logo />
          Postern
        </h1>
        <p class="note">For administrators, by name, and for users, by mail address.</p>
        <TextField
          form={form}
          name="name"
          label="Name or mail address"
          autoComplete="username"
          autoFocus
          autoCapitalize="off"
          spellcheck={false}
        />
        <TextField form={form} name="password" label="Password" type="password" autoComplete="current-password" />
        {wantsCode && (
          <div ref={codeField}>
            <TextField
              form={form}
              name="code"
              label="Code"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={7}
              hint="From the app that you set up for this"
            />
          </div>
        )}
        <Failure text={form.failure} />
        <button class="primary" disabled={form.busy}>
          Sign in
        </button>
      </form>
    </main>
  );
}
