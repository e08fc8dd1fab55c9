// Erasing a device from afar. The word has to be typed where a whole phone is at stake.
import type { Device } from "../../generated/contract";
import { call } from "../client";
import { Dialog } from "../parts/dialog";
import { Failure, SelectField, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Foreign } from "../parts/show";

interface WipeProps {
  device: Device;
  own: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function WipeDialog({ device, own, onClose, onDone }: WipeProps) {
  const form = useForm(
    { of: "account", word: "" },
    async (values) => {
      const order = { of: values.of as "account" | "everything" };
      await (own
        ? call("wipeMyDevice", { device: device.device }, order)
        : call("wipeDevice", { account: device.account, device: device.device }, order));
      tell("It is wiped as soon as it connects");
      onDone();
      onClose();
    },
    ({ of, word }) =>
      of === "everything" && word.trim().toLowerCase() !== "erase"
        ? { word: "Type erase, so that this is no slip" }
        : {},
  );
  return (
    <Dialog title="Wipe a device" onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        <p>
          <Foreign text={device.name || device.model || device.type} /> of <Foreign text={device.account} />. The order
          waits for the device, and can be taken back until it has come.
        </p>
        <SelectField
          form={form}
          name="of"
          label="What"
          options={[
            ["account", "The account on it, with its mail"],
            ["everything", "Everything: as it left the factory"],
          ]}
        />
        {form.values.of === "everything" && (
          <TextField form={form} name="word" label="To confirm, type “erase”" autoComplete="off" />
        )}
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="danger" disabled={form.busy}>
            Wipe it
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
