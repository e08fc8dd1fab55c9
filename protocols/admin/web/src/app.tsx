// The frame: who is signed in, the ways to the pages that they may see, and the page of this place.
import type { VNode } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Session } from "../generated/contract";
import { call, useProof, whenSignedOut } from "./client";
import { asRefusal } from "./hooks";
import { Notices } from "./parts/notices";
import { Loading, Refused } from "./parts/show";
import { SignIn } from "./pages/sign_in";
import { parsePlace, usePlace } from "./router";
import { pageAt, placesFor } from "./places";
import { roleName, SignedContext, type Signed } from "./session";
import { nextTheme, theme } from "./theme";
import type { Refusal } from "./client";

type State = { is: "asking" } | { is: "failing"; refusal: Refusal } | { is: "out" } | { is: "in"; session: Session };

export function App() {
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
  return (
    <SignedContext.Provider value={signed}>
      <Frame signed={signed} />
    </SignedContext.Provider>
  );
}

function Frame({ signed }: { signed: Signed }) {
  const place = usePlace();
  const places = placesFor(signed);
  const current = place.parts[0] ?? places[0]!.path;
  const main = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(false);
  const path = place.parts.join("/") + "?" + place.query.toString();
  useEffect(() => {
    setOpen(false);
    scrollTo(0, 0);
    const title = places.find((one) => one.path === current)?.title ?? "Postern";
    document.title = `${place.parts[1] ?? title} · Postern`;
  }, [path]);
  const page: VNode = pageAt(place.parts.length > 0 ? place : parsePlace(places[0]!.path), signed);
  return (
    <div class="frame">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        To the content
      </a>
      <header class={open ? "side open" : "side"}>
        <div class="brand">
          <a href="#/" class="name">
            <Logo />
            Postern
          </a>
          <button
            type="button"
            class="quiet menu"
            aria-expanded={open}
            aria-controls="ways"
            onClick={() => setOpen(!open)}
          >
            Menu
          </button>
        </div>
        <nav id="ways" aria-label="Pages">
          <ul>
            {places.map((one) => (
              <li key={one.path}>
                <a href={"#/" + one.path} aria-current={one.path === current ? "page" : undefined}>
                  {one.title}
                </a>
              </li>
            ))}
          </ul>
          <Who signed={signed} />
        </nav>
      </header>
      <main id="main" ref={main} tabIndex={-1} key={path}>
        {page}
      </main>
      <Notices />
    </div>
  );
}

function Who({ signed }: { signed: Signed }) {
  const [now, setNow] = useState(theme());
  return (
    <div class="who">
      <p class="me">
        <b>{signed.session.name}</b>
        <br />
        <span class="dim">
          {roleName(signed.session.role)}
          {signed.session.domain ? ` · ${signed.session.domain}` : ""}
        </span>
      </p>
      <button type="button" class="quiet small" onClick={() => setNow(nextTheme())}>
        Colours: {now}
      </button>
      <button type="button" class="quiet small" onClick={() => void signed.signOut()}>
        Sign out
      </button>
    </div>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" />
      <path d="M9 26V14a7 7 0 0 1 14 0v12M6 26h20" />
      <circle cx="19" cy="19" r="1.7" />
    </svg>
  );
}
