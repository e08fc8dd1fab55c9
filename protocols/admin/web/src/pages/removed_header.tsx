// The header of a deleted message, as it was sent.
import type { RemovedMessage } from "../../generated/contract";
import { plainText, timeText } from "../format";
import { useCall } from "../hooks";
import { Dialog } from "../parts/dialog";
import { Foreign, Loading, Refused } from "../parts/show";

interface HeaderProps {
  address: string;
  message: RemovedMessage;
  onClose: () => void;
}

export function RemovedHeaderDialog({ address, message, onClose }: HeaderProps) {
  const asked = useCall("getRemovedHeader", { account: address, message: message.id });
  return (
    <Dialog title={plainText(message.subject || "(no subject)")} onClose={onClose} wide>
      <p class="hint">
        Was in <Foreign text={message.mailbox} /> since {timeText(message.received_at)}
      </p>
      {asked.refusal && <Refused refusal={asked.refusal} />}
      {asked.loading && <Loading />}
      {asked.value && (
        <pre class="header" tabIndex={0} aria-label="Header">
          {asked.value.header.split(/\r?\n/).map(plainText).join("\n")}
        </pre>
      )}
    </Dialog>
  );
}
