// The frame: who is signed in, the ways to the pages that they may see, and the page of this place.
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Logo } from "./parts/logo";
import { Notices } from "./parts/notices";
import { pageAt, placesFor } from "./places";
import { parsePlace, usePlace } from "./router";
import { roleName, useSigned, type Signed } from "./session";
import { nextTheme, theme } from "./theme";

export function Frame() {
  const signed = useSigned();
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
