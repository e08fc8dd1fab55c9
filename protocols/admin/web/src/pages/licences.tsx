// How many accounts of a tenant have Mobile Sync, and how many may.
import { countText } from "../format";
import { useCall } from "../hooks";
import { useSigned } from "../session";

export function Licences() {
  const { session } = useSigned();
  const licences = useCall("getLicences", session.tenant === null ? null : { tenant: session.tenant });
  if (!licences.value) return null;
  const { used, max } = licences.value.mobile_sync;
  return (
    <dl class="tiles">
      <div>
        <dt>Accounts with Mobile Sync</dt>
        <dd>
          {countText(used)}
          {max !== null && <small> of {countText(max)}</small>}
        </dd>
      </div>
    </dl>
  );
}
