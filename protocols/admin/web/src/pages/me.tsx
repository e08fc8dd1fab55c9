// What a user sees of the own account: room, doors, what to type into a program, devices, how to sign in.
import type { ClientSettings } from "../../generated/contract";
import { call } from "../client";
import { countText, featureName } from "../format";
import { useCall } from "../hooks";
import { Failure, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Card, Copyable, Empty, Foreign, Loading, Mark, Meter, Page, Refused } from "../parts/show";
import { useSigned } from "../session";
import { AppPasswords } from "./app_passwords";
import { DeviceTable } from "./device_table";
import { SecondFactorCard } from "./second_factor";

const doors = ["pop3", "imap", "mobile_sync", "submission"] as const;

export function MyMailbox() {
  const me = useCall("getMe", {});
  const settings = useCall("getMyClientSettings", {});
  if (me.refusal) return <Refused refusal={me.refusal} onRetry={() => void me.reload()} />;
  if (!me.value) return <Loading />;
  const { quota, features } = me.value;
  const nearly = quota.octets_max !== null && quota.octets >= quota.octets_max * 0.95;
  return (
    <Page title={<Foreign text={me.value.address} />} note={<Foreign text={me.value.name} />}>
      <div class="columns">
        <Card title="Room">
          <dl class="facts">
            <div>
              <dt>Storage</dt>
              <dd>
                <Meter used={quota.octets} max={quota.octets_max} label="Storage" />
              </dd>
            </div>
            <div>
              <dt>Messages</dt>
              <dd>
                {countText(quota.messages)}
                {quota.messages_max !== null && <> of {countText(quota.messages_max)}</>}
              </dd>
            </div>
          </dl>
          {nearly && <Failure text="Nearly full: new mail is refused soon. Delete what you no longer need." />}
        </Card>
        <Card title="What you may use">
          <ul class="mine">
            {doors.map((door) => (
              <li key={door}>
                {featureName(door)}{" "}
                <Mark tone={features[door]?.enabled ? "good" : "calm"}>{features[door]?.enabled ? "on" : "off"}</Mark>
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Card title="Set up a program or a phone">
        {settings.refusal && <Refused refusal={settings.refusal} />}
        {settings.value && <Settings settings={settings.value} address={me.value.address} />}
      </Card>
    </Page>
  );
}

const safety = ["none", "starttls", "implicit"];
const tlsNames = { none: "no encryption", starttls: "STARTTLS", implicit: "TLS" };

function Settings({ settings, address }: { settings: ClientSettings; address: string }) {
  const usable = settings.doors.filter((door) => door.enabled);
  if (usable.length === 0) return <Empty title="Nothing is switched on for you">Ask your administrator.</Empty>;
  const protocols = [...new Set(usable.map((door) => door.protocol))];
  return (
    <>
      <p>
        Most programs find everything by your address. If one asks, this is what to type in; an app password for each is
        best.
      </p>
      <dl class="facts">
        <div>
          <dt>User name</dt>
          <dd>
            <Copyable text={settings.user_name} label="user name" />
          </dd>
        </div>
      </dl>
      <div class="settings">
        {protocols.map((protocol) => (
          <Server key={protocol} doors={usable.filter((door) => door.protocol === protocol)} />
        ))}
      </div>
      <p>
        <a class="button" href={"/profile/mail.mobileconfig?emailaddress=" + encodeURIComponent(address)} download>
          Profile for iPhone, iPad and Mac
        </a>
      </p>
    </>
  );
}

/** The ways to one door, encrypted from the beginning first. */
function Server({ doors }: { doors: ClientSettings["doors"] }) {
  const [best, ...others] = [...doors].sort((a, b) => safety.indexOf(b.tls) - safety.indexOf(a.tls));
  if (!best) return null;
  return (
    <section>
      <h3>{featureName(best.protocol)}</h3>
      <dl class="facts">
        <div>
          <dt>Server</dt>
          <dd>
            <Copyable text={best.host} label={`${featureName(best.protocol)} server`} />
          </dd>
        </div>
        <div>
          <dt>Port</dt>
          <dd>
            <span class="mono">{best.port}</span> with {tlsNames[best.tls]}
            {others.map((door) => (
              <span class="under" key={door.port}>
                or {door.port} with {tlsNames[door.tls]}
              </span>
            ))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

export function MyDevices() {
  const devices = useCall("listMyDevices", {});
  return (
    <Page title="My devices" note="Phones and programs that use Mobile Sync with your mailbox.">
      <DeviceTable
        own
        items={devices.value?.items ?? []}
        loading={devices.loading}
        refusal={devices.refusal}
        onChanged={() => void devices.reload()}
      />
    </Page>
  );
}

export function MySecurity() {
  const { may } = useSigned();
  return (
    <Page title="Sign-in & security">
      <div class="columns">
        <SecondFactorCard />
        {may("self") && <MyPassword />}
      </div>
      {may("self") && (
        <Card title="App passwords">
          <AppPasswords
            source={{
              list: "listMyAppPasswords",
              args: {},
              create: (body) => call("createMyAppPassword", {}, body),
              remove: (id) => call("deleteMyAppPassword", { id }),
            }}
          />
        </Card>
      )}
    </Page>
  );
}

function MyPassword() {
  const empty = { current: "", password: "", again: "" };
  const form = useForm(
    empty,
    async ({ current, password }) => {
      await call("setMyPassword", {}, { current, password });
      tell("Your password is changed");
      form.set("current", "");
      form.set("password", "");
      form.set("again", "");
    },
    ({ current, password, again }) => ({
      ...(current ? {} : { current: "The password that you have now" }),
      ...(password ? {} : { password: "The new password is missing" }),
      ...(again === password ? {} : { again: "Not the same as above" }),
    }),
  );
  return (
    <Card title="Password">
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="current" label="Now" type="password" autoComplete="current-password" />
        <TextField
          form={form}
          name="password"
          label="New"
          type="password"
          autoComplete="new-password"
          hint="Long is better than odd: four words that do not belong together"
        />
        <TextField form={form} name="again" label="New, once more" type="password" autoComplete="new-password" />
        <Failure text={form.failure} />
        <footer class="actions">
          <button class="primary" disabled={form.busy}>
            Change password
          </button>
        </footer>
      </form>
    </Card>
  );
}
