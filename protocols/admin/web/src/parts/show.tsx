// Small things that pages show: text of strangers, states, sizes, times, what is empty, what went wrong.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Refusal } from "../client";
import { agoText, octetsText, plainText, timeText } from "../format";

/** Text from outside: it cannot turn round what stands beside it. */
export function Foreign({ text }: { text: string }) {
  return <bdi>{plainText(text)}</bdi>;
}

export type Tone = "good" | "bad" | "warn" | "calm";

export function Mark({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`mark ${tone}`}>{children}</span>;
}

export function Time({ at, none = "never" }: { at: string | null; none?: string }) {
  return at === null ? (
    <span class="dim">{none}</span>
  ) : (
    <time dateTime={at} title={timeText(at)}>
      {agoText(at)}
    </time>
  );
}

/** How much of a limit is used. */
export function Meter({ used, max, label }: { used: number; max: number | null; label: string }) {
  const share = max === null ? 0 : Math.min(1, used / max);
  const tone = share >= 0.95 ? "bad" : share >= 0.8 ? "warn" : "good";
  const text = max === null ? octetsText(used) : `${octetsText(used)} of ${octetsText(max)}`;
  return (
    <span class="meter">
      {max !== null && (
        <svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label={`${label}: ${text}`} class={tone}>
          <rect class="rail" width="100" height="6" rx="3" />
          <rect class="fill" width={Math.max(share * 100, share > 0 ? 2 : 0)} height="6" rx="3" />
        </svg>
      )}
      <span class="figure">{text}</span>
    </span>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Refused({ refusal, onRetry }: { refusal: Refusal; onRetry?: () => void }) {
  return (
    <div class="empty refused" role="alert">
      <p class="title">{refusal.status === 404 ? "There is no such thing, or not for you" : refusal.message}</p>
      {onRetry && refusal.status !== 404 && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="unseen">Loading</span>
    </div>
  );
}

/** Something to type in elsewhere, with a button that copies it. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span class="copyable">
      <code>{text}</code>
      <button type="button" class="quiet small" onClick={() => void copy()} aria-label={`Copy ${label}`}>
        {copied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}

interface PageProps {
  title: ComponentChildren;
  crumbs?: Array<[string, string]>;
  note?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, crumbs, note, actions, children }: PageProps) {
  return (
    <>
      <header class="page-head">
        <div>
          {crumbs && (
            <nav class="crumbs" aria-label="Above this page">
              {crumbs.map(([text, href]) => (
                <a href={href} key={href}>
                  {text}
                </a>
              ))}
            </nav>
          )}
          <h1 tabIndex={-1}>{title}</h1>
          {note && <p class="note">{note}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export function Card({
  title,
  actions,
  children,
  id,
}: {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
  id?: string;
}) {
  return (
    <section class="card" id={id}>
      <header>
        <h2>{title}</h2>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
