// Who is signed in, for every page to ask what it may offer. The server decides; this only spares people what it
// would refuse.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Session } from "../generated/contract";

export interface Signed {
  session: Session;
  may: (scope: string) => boolean;
  refresh: () => Promise<void>;
  signOut: () => Promise<void>;
}

export const SignedContext = createContext<Signed | null>(null);

export function useSigned(): Signed {
  const signed = useContext(SignedContext);
  if (signed === null) throw new Error("nobody is signed in");
  return signed;
}

const roleNames: Record<Session["role"], string> = {
  root: "This machine",
  provider: "Provider",
  reseller: "Reseller",
  domain_admin: "Domain administrator",
  domain_reader: "Domain reader",
  help_desk: "Help desk",
  billing: "Billing",
  user: "User",
};

export function roleName(role: Session["role"]): string {
  return roleNames[role];
}
