// One administrator: locked or not, a new password, tokens for programs.
import { useState } from "preact/hooks";
import type { Administrator as AdministratorValue, Token, TokenMade } from "../../generated/contract";
import { call } from "../client";
import { useCall } from "../hooks";
import { newPassword } from "../passwords";
import { Confirm, Dialog } from "../parts/dialog";
import { Failure, TextField, useForm } from "../parts/form";
import { attempt, tell } from "../parts/notices";
import { Card, Copyable, Empty, Foreign, Loading, Mark, Page, Refused, Time } from "../parts/show";
import { Table } from "../parts/table";
import { go, linkTo } from "../router";
import { roleName, useSigned } from "../session";

export function Administrator({ id }: { id: number }) {
  const { may } = useSigned();
  const asked = useCall("getAdministrator", { id });
  const [asking, setAsking] = useState<"password" | "delete" | null>(null);
  if (asked.refusal) return <Refused refusal={asked.refusal} onRetry={() => void asked.reload()} />;
  const value = asked.value;
  if (!value) return <Loading />;
  const change = (body: { locked?: boolean; second_factor?: false }, done: string) =>
    attempt(async () => asked.set(await call("changeAdministrator", { id }, body)), done);
  return (
    <Page
      title={<Foreign text={value.name} />}
      crumbs={[["Administrators", linkTo("administrators")]]}
      note={
        <>
          {roleName(value.role)}
          {value.domain && (
            <>
              {" "}
              of <Foreign text={value.domain} />
            </>
          )}{" "}
          · <Mark tone={value.locked ? "bad" : "good"}>{value.locked ? "locked" : "active"}</Mark> · made{" "}
          <Time at={value.created_at} />
        </>
      }
      actions={
        may("administrators:write") && (
          <>
            <button
              type="button"
              onClick={() =>
                void change(
                  { locked: !value.locked },
                  value.locked ? "May sign in again" : "Locked, and signed out everywhere",
                )
              }
            >
              {value.locked ? "Unlock" : "Lock"}
            </button>
            <button type="button" onClick={() => setAsking("password")}>
              New password
            </button>
            {value.second_factor && (
              <button
                type="button"
                onClick={() => void change({ second_factor: false }, "The password alone is enough now")}
              >
                Reset second factor
              </button>
            )}
            <button type="button" class="danger quiet" onClick={() => setAsking("delete")}>
              Delete
            </button>
          </>
        )
      }
    >
      <Tokens administrator={value} />
      {asking === "password" && <SetPassword id={id} name={value.name} onClose={() => setAsking(null)} />}
      {asking === "delete" && (
        <Confirm
          title={`Delete ${value.name}?`}
          verb="Delete administrator"
          danger
          onClose={() => setAsking(null)}
          onConfirm={async () => {
            await call("deleteAdministrator", { id });
            go("administrators");
          }}
        >
          <p>Tokens and sessions end with it.</p>
        </Confirm>
      )}
    </Page>
  );
}

function SetPassword({ id, name, onClose }: { id: number; name: string; onClose: () => void }) {
  const form = useForm({ password: newPassword() }, async ({ password }) => {
    await call("changeAdministrator", { id }, { password });
    tell(`${name} has a new password`);
    onClose();
  });
  return (
    <Dialog title={`New password for ${name}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate autocomplete="off">
        <TextField
          form={form}
          name="password"
          label="Password"
          class="mono"
          autoFocus
          autoComplete="new-password"
          spellcheck={false}
          hint="Note it, it is not shown again. All page sessions end."
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

function Tokens({ administrator }: { administrator: AdministratorValue }) {
  const { may } = useSigned();
  const list = useCall("listTokens", { id: administrator.id });
  const [making, setMaking] = useState(false);
  const revoke = (token: Token) =>
    attempt(async () => {
      await call("deleteToken", { id: administrator.id, token: token.id });
      await list.reload();
    }, `${token.name} is revoked`);
  return (
    <Card
      title="Tokens for programs"
      actions={
        may("administrators:write") && (
          <button type="button" class="small" onClick={() => setMaking(true)}>
            New token
          </button>
        )
      }
    >
      <Table
        caption="Tokens"
        items={list.value?.items ?? []}
        keyOf={(one) => one.id}
        loading={list.loading}
        refusal={list.refusal}
        empty={<Empty title="No tokens">A program that uses the API needs one.</Empty>}
        columns={[
          { title: "Token", main: true, cell: (one) => <Foreign text={one.name} /> },
          { title: "May", cell: (one) => <span class="mono">{one.scopes.join(" ")}</span> },
          { title: "Expires", cell: (one) => <Time at={one.expires_at} /> },
          { title: "Last used", cell: (one) => <Time at={one.last_used_at} /> },
          ...(may("administrators:write")
            ? [
                {
                  title: "",
                  cell: (one: Token) => (
                    <span class="row-actions">
                      <button
                        type="button"
                        class="quiet small danger"
                        aria-label={`Revoke ${one.name}`}
                        onClick={() => void revoke(one)}
                      >
                        Revoke
                      </button>
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      {making && (
        <NewToken
          id={administrator.id}
          onClose={() => {
            setMaking(false);
            void list.reload();
          }}
        />
      )}
    </Card>
  );
}

function NewToken({ id, onClose }: { id: number; onClose: () => void }) {
  const { session } = useSigned();
  const [made, setMade] = useState<TokenMade | null>(null);
  const [scopes, setScopes] = useState(new Set<string>());
  const form = useForm(
    { name: "", expires_in_days: "365" },
    async ({ name, expires_in_days }) => {
      setMade(
        await call(
          "createToken",
          { id },
          {
            name: name.trim(),
            expires_in_days: Number(expires_in_days),
            ...(scopes.size > 0 ? { scopes: [...scopes] } : {}),
          },
        ),
      );
    },
    ({ name, expires_in_days }) => ({
      ...(name.trim() ? {} : { name: "What is it for?" }),
      ...(/^\d+$/.test(expires_in_days) ? {} : { expires_in_days: "1 to 3650" }),
    }),
  );
  if (made) {
    return (
      <Dialog title="Note it now" onClose={onClose}>
        <p>It is shown this once:</p>
        <p class="big">
          <Copyable text={made.token} label="token" />
        </p>
        <footer class="actions">
          <button type="button" class="primary" onClick={onClose}>
            I have noted it
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="New token" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="name" label="What it is for" autoFocus placeholder="Billing export" />
        <TextField form={form} name="expires_in_days" label="Days until it expires" inputMode="numeric" />
        <fieldset>
          <legend>What it may (nothing chosen: all that its administrator may)</legend>
          {session.scopes
            .filter((scope) => scope !== "self")
            .map((scope) => (
              <label class="check mono" key={scope}>
                <input
                  type="checkbox"
                  checked={scopes.has(scope)}
                  onChange={() =>
                    setScopes((old) => {
                      const next = new Set(old);
                      if (!next.delete(scope)) next.add(scope);
                      return next;
                    })
                  }
                />
                {scope}
              </label>
            ))}
        </fieldset>
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Make it
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
