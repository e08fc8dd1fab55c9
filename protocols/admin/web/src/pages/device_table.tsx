// Devices and what can be done with them; the same for an administrator and for one's own.
import { useState } from "preact/hooks";
import type { Device } from "../../generated/contract";
import { call, type Refusal } from "../client";
import { Confirm } from "../parts/dialog";
import { attempt, tell } from "../parts/notices";
import { Empty, Foreign, Mark, Time } from "../parts/show";
import { Table, type Column } from "../parts/table";
import { linkTo } from "../router";
import { useSigned } from "../session";
import { WipeDialog } from "./wipe";

interface DeviceTableProps {
  items: Device[];
  loading: boolean;
  refusal?: Refusal | undefined;
  hasMore?: boolean;
  onMore?: () => void;
  onChanged: () => void;
  own?: boolean;
  withAccount?: boolean;
}

export function DeviceTable(props: DeviceTableProps) {
  const { own = false, onChanged } = props;
  const { may } = useSigned();
  const [wiping, setWiping] = useState<Device | null>(null);
  const [forgetting, setForgetting] = useState<Device | null>(null);
  const columns: Column<Device>[] = [
    {
      title: "Device",
      main: true,
      cell: (one) => (
        <>
          <Foreign text={one.name || one.model || one.type} />
          <span class="under">
            <Foreign text={[one.os, one.user_agent].filter(Boolean).join(" · ")} />
          </span>
        </>
      ),
    },
    ...(props.withAccount
      ? [
          {
            title: "Account",
            cell: (one: Device) => (
              <a href={linkTo("accounts", one.account)}>
                <Foreign text={one.account} />
              </a>
            ),
          },
        ]
      : []),
    { title: "State", cell: (one) => <State device={one} /> },
    { title: "Version", cell: (one) => one.protocol_version },
    {
      title: "Seen",
      cell: (one) => (
        <>
          <Time at={one.last_seen} />
          <span class="under">
            <Foreign text={one.address} />
          </span>
        </>
      ),
    },
    ...(own || may("devices:write")
      ? [
          {
            title: "",
            cell: (one: Device) => (
              <Actions
                device={one}
                own={own}
                onChanged={onChanged}
                onWipe={() => setWiping(one)}
                onForget={() => setForgetting(one)}
              />
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <Table
        caption="Devices"
        items={props.items}
        keyOf={(one) => one.account + "/" + one.device}
        columns={columns}
        loading={props.loading}
        refusal={props.refusal}
        hasMore={props.hasMore ?? false}
        onMore={props.onMore ?? (() => {})}
        empty={<Empty title="No devices yet">A phone appears here when it first connects by Mobile Sync.</Empty>}
      />
      {wiping && <WipeDialog device={wiping} own={own} onClose={() => setWiping(null)} onDone={onChanged} />}
      {forgetting && (
        <Confirm
          title="Forget this device?"
          verb="Forget it"
          danger
          onClose={() => setForgetting(null)}
          onConfirm={async () => {
            const { account, device } = forgetting;
            await (own ? call("forgetMyDevice", { device }) : call("forgetDevice", { account, device }));
            tell("Forgotten");
            onChanged();
          }}
        >
          <p>Nothing is erased on it. If it comes again it starts from nothing, with a whole new copy of the mail.</p>
        </Confirm>
      )}
    </>
  );
}

function State({ device }: { device: Device }) {
  const { wipe } = device;
  return (
    <>
      {wipe && (
        <Mark tone="bad">
          {wipe.of === "everything" ? "wipe" : "account wipe"} {wipe.state}
        </Mark>
      )}{" "}
      <Mark tone={device.access === "allowed" ? "good" : device.access === "blocked" ? "bad" : "warn"}>
        {device.access}
      </Mark>
      {device.traced_until && Date.parse(device.traced_until) > Date.now() && (
        <>
          {" "}
          <Mark tone="calm">traced</Mark>
        </>
      )}
      <span class="under">
        by{" "}
        {device.access_from === "default" ? "default" : device.access_from === "rule" ? "a rule" : "an administrator"}
      </span>
    </>
  );
}

interface ActionsProps {
  device: Device;
  own: boolean;
  onChanged: () => void;
  onWipe: () => void;
  onForget: () => void;
}

function Actions({ device, own, onChanged, onWipe, onForget }: ActionsProps) {
  const at = { account: device.account, device: device.device };
  const change = (access: Device["access"] | null, done: string) =>
    attempt(async () => {
      await call("changeDevice", at, { access });
      onChanged();
    }, done);
  const act = (what: string) => {
    if (what === "allow") void change("allowed", "It may connect");
    if (what === "block") void change("blocked", "It is kept out");
    if (what === "rules") void change(null, "The rules decide");
    if (what === "resync")
      void attempt(async () => {
        await call("resyncDevice", at);
        onChanged();
      }, "It fetches everything again");
    if (what === "trace")
      void attempt(async () => {
        await call("changeDevice", at, { trace_minutes: 30 });
        onChanged();
      }, "What it asks and hears is noted for 30 minutes");
    if (what === "wipe") onWipe();
    if (what === "unwipe")
      void attempt(async () => {
        await (own ? call("cancelMyWipe", { device: device.device }) : call("cancelWipe", at));
        onChanged();
      }, "The wipe is taken back");
    if (what === "forget") onForget();
  };
  const options: Array<[string, string]> = [
    ...(own
      ? []
      : ([
          device.access === "allowed" ? ["block", "Block"] : ["allow", "Allow"],
          ...(device.access_from === "administrator" ? [["rules", "As the rules say"]] : []),
          ["resync", "Fetch everything again"],
          ["trace", "Trace for 30 minutes"],
        ] as Array<[string, string]>)),
    device.wipe ? ["unwipe", "Take the wipe back"] : ["wipe", "Wipe…"],
    ["forget", "Forget…"],
  ];
  return (
    <select
      class="row-menu"
      aria-label={`What to do with ${device.name || device.model || device.device}`}
      value=""
      onChange={(event) => {
        act(event.currentTarget.value);
        event.currentTarget.value = "";
      }}
    >
      <option value="">Do…</option>
      {options.map(([value, text]) => (
        <option value={value} key={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
