// Who is signed in: what is inside is shown to somebody, the sign-in to everybody else.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Session } from "../generated/contract";
import { call, useProof, whenSignedOut } from "./client";
import { asRefusal } from "./hooks";
import { Loading, Refused } from "./parts/show";
import { SignIn } from "./pages/sign_in";
import { SignedContext, type Signed } from "./session";
import type { Refusal } from "./client";

type State = { is: "asking" } | { is: "failing"; refusal: Refusal } | { is: "out" } | { is: "in"; session: Session };

export function App({ children }: { children: ComponentChildren }) {
  const [state, setState] = useState<State>({ is: "asking" });
  const take = useCallback((session: Session) => {
    useProof(session.csrf_token);
    setState({ is: "in", session });
  }, []);
  const leave = useCallback(() => {
    useProof(null);
    setState({ is: "out" });
  }, []);
  const ask = useCallback(async () => {
    try {
      take(await call("getSession", {}));
    } catch (error) {
      const refusal = asRefusal(error);
      if (refusal.status !== 401) setState({ is: "failing", refusal });
    }
  }, []);
  useEffect(() => {
    whenSignedOut(leave);
    void ask();
  }, []);
  const signed = useMemo<Signed | null>(
    () =>
      state.is !== "in"
        ? null
        : {
            session: state.session,
            may: (scope) => state.session.scopes.includes(scope),
            refresh: ask,
            signOut: async () => {
              await call("signOut", {}).catch(() => {});
              leave();
            },
          },
    [state],
  );
  if (state.is === "asking") return <Loading />;
  if (state.is === "failing")
    return (
      <main class="alone">
        <Refused refusal={state.refusal} onRetry={() => void ask()} />
      </main>
    );
  if (signed === null) return <SignIn onSignedIn={take} />;
  return <SignedContext.Provider value={signed}>{children}</SignedContext.Provider>;
}
