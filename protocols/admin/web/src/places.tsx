// The table of contents: which pages there are, who may see them, and which one a place is.
import type { VNode } from "preact";
import { Account } from "./pages/account";
import { Accounts } from "./pages/accounts";
import { Administrator } from "./pages/administrator";
import { Administrators } from "./pages/administrators";
import { Audit } from "./pages/audit";
import { Backup } from "./pages/backup";
import { Devices } from "./pages/devices";
import { Domain } from "./pages/domain";
import { Domains } from "./pages/domains";
import { Import } from "./pages/import";
import { MyDevices, MyMailbox, MySecurity } from "./pages/me";
import { Overview } from "./pages/overview";
import { Plans } from "./pages/plans";
import { Queue } from "./pages/queue";
import { Recovery } from "./pages/recovery";
import { Sessions } from "./pages/sessions";
import { Tenants } from "./pages/tenants";
import { Usage } from "./pages/usage";
import { Page } from "./parts/show";
import type { Place } from "./router";
import type { Signed } from "./session";

interface Entry {
  path: string;
  title: string;
  scope: string | null; // null: for everybody
  page: (rest: string[], query: URLSearchParams) => VNode;
}

const entries: Entry[] = [
  { path: "overview", title: "Overview", scope: "directory:read", page: () => <Overview /> },
  {
    path: "accounts",
    title: "Accounts",
    scope: "directory:read",
    page: ([address, part], query) => {
      if (!address) return <Accounts query={query} />;
      return part === "recovery" ? <Recovery address={address} query={query} /> : <Account address={address} />;
    },
  },
  { path: "import", title: "Import", scope: "directory:write", page: () => <Import /> },
  {
    path: "domains",
    title: "Domains",
    scope: "directory:read",
    page: ([name]) => (name ? <Domain name={name} /> : <Domains />),
  },
  { path: "devices", title: "Devices", scope: "devices:read", page: (_, query) => <Devices query={query} /> },
  { path: "sessions", title: "Sessions", scope: "sessions:read", page: (_, query) => <Sessions query={query} /> },
  { path: "queue", title: "Outbox", scope: "queue:read", page: () => <Queue /> },
  { path: "usage", title: "Usage", scope: "usage:read", page: (_, query) => <Usage query={query} /> },
  { path: "audit", title: "Audit", scope: "audit:read", page: (_, query) => <Audit query={query} /> },
  { path: "backup", title: "Backup", scope: "server:read", page: () => <Backup /> },
  { path: "plans", title: "Plans", scope: "directory:read", page: () => <Plans /> },
  { path: "tenants", title: "Tenants", scope: "tenants:write", page: () => <Tenants /> },
  {
    path: "administrators",
    title: "Administrators",
    scope: "administrators:read",
    page: ([id]) => (id ? <Administrator id={Number(id)} /> : <Administrators />),
  },
  { path: "mailbox", title: "My mailbox", scope: "self", page: () => <MyMailbox /> },
  { path: "my-devices", title: "My devices", scope: "self", page: () => <MyDevices /> },
  { path: "security", title: "Sign-in & security", scope: null, page: () => <MySecurity /> },
];

// Import belongs to accounts, and is reached from there.
const unlisted = new Set(["import"]);

export function placesFor(signed: Signed): Entry[] {
  return entries.filter((one) => !unlisted.has(one.path) && (one.scope === null || signed.may(one.scope)));
}

export function pageAt(place: Place, signed: Signed): VNode {
  const entry = entries.find((one) => one.path === place.parts[0]);
  if (!entry || (entry.scope !== null && !signed.may(entry.scope))) {
    return (
      <Page title="There is no such page, or not for you">
        <a href="#/">To the beginning</a>
      </Page>
    );
  }
  return entry.page(place.parts.slice(1), place.query);
}
