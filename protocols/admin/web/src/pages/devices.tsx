// The devices of all accounts in reach.
import { useEffect, useState } from "preact/hooks";
import { useCall, useList } from "../hooks";
import { Page } from "../parts/show";
import { keepQuery } from "../router";
import { DeviceRules } from "./device_rules";
import { DeviceTable } from "./device_table";

export function Devices({ query }: { query: URLSearchParams }) {
  const [domain, setDomain] = useState(query.get("domain") ?? "");
  const domains = useCall("listDomains", { limit: 500 });
  const list = useList("listDevices", domain ? { domain } : {});
  useEffect(() => keepQuery({ domain }), [domain]);
  const names = new Set([...(domain ? [domain] : []), ...(domains.value?.items ?? []).map((one) => one.name)]);
  return (
    <Page title="Devices" note="Phones and other clients that use Mobile Sync.">
      <div class="filters">
        <select aria-label="Domain" value={domain} onChange={(event) => setDomain(event.currentTarget.value)}>
          <option value="">All domains</option>
          {[...names].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <DeviceTable
        items={list.items}
        loading={list.loading}
        refusal={list.refusal}
        hasMore={list.hasMore}
        onMore={() => void list.more()}
        onChanged={() => void list.reload()}
        withAccount
      />
      {domain && <DeviceRules domain={domain} />}
      {!domain && names.size > 0 && (
        <p class="hint">Choose a domain to see the rules by which its devices are let in.</p>
      )}
    </Page>
  );
}
