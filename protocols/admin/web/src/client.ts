// Calls of the API by the names that the contract gives its operations. An answer that is not a success is a
// Refusal. Nothing is kept here but the proof against forged requests and the versions of what was read.
import { operations, type Operations, type Problem } from "../generated/contract";

export type OperationName = keyof Operations;
export type Args<N extends OperationName> = Operations[N]["args"];
export type Body<N extends OperationName> = Operations[N]["body"];
export type ResultOf<N extends OperationName> = Operations[N]["result"];

export interface CallOptions {
  guarded?: boolean; // refuse the change if somebody else was faster than what was last read here
  key?: string; // the same key again is the same request
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title);
  }
  /** The last part of the problem's type, e.g. "second-factor". */
  get kind(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(":") + 1);
  }
  /** What is wrong with each member of the request. */
  get members(): Record<string, string> {
    return Object.fromEntries((this.problem.errors ?? []).map((one) => [one.member, one.detail]));
  }
}

let csrfToken: string | null = null;
let onSignedOut = () => {};
const versions = new Map<string, string>();

export function useProof(token: string | null): void {
  csrfToken = token;
  if (token === null) versions.clear();
}

/** Called when the server no longer knows who we are. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

export function pathOf(name: OperationName, args: object): string {
  const [, template] = operations[name];
  const rest = new URLSearchParams();
  const values = { ...args } as Record<string, unknown>;
  const path = template.replace(/\{(\w+)\}/g, (_, member: string) => {
    const value = values[member];
    delete values[member];
    return encodeURIComponent(String(value));
  });
  for (const [member, value] of Object.entries(values)) {
    if (value !== undefined && value !== "" && value !== null) rest.set(member, String(value));
  }
  const query = rest.toString();
  return "/api/v1" + path + (query ? "?" + query : "");
}

export async function call<N extends OperationName>(
  name: N,
  args: Args<N>,
  body?: Body<N>,
  options: CallOptions = {},
): Promise<ResultOf<N>> {
  const [method] = operations[name];
  const path = pathOf(name, args);
  const headers = new Headers({ Accept: "application/json" });
  if (body !== undefined) headers.set("Content-Type", "application/json");
  if (method !== "GET" && csrfToken !== null) headers.set("X-CSRF-Token", csrfToken);
  if (options.key !== undefined) headers.set("Idempotency-Key", options.key);
  const version = versions.get(path);
  if (options.guarded && version !== undefined) headers.set("If-Match", version);
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(path, init).catch(() => {
    throw new Refusal(0, { type: "urn:postern:problem:unreachable", title: "The server does not answer", status: 0 });
  });
  const tag = response.headers.get("ETag");
  if (tag !== null) versions.set(path, tag);
  if (!response.ok) throw await refusalOf(response, name);
  return (response.status === 204 || response.status === 202 ? undefined : await response.json()) as ResultOf<N>;
}

/** A request beside the contract, with the same proof; its answer is to be read as it comes. */
export async function post(path: string, body: object, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (csrfToken !== null) headers.set("X-CSRF-Token", csrfToken);
  const init: RequestInit = { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(body), signal };
  const response = await fetch(path, init);
  if (!response.ok) throw await refusalOf(response);
  return response;
}

async function refusalOf(response: Response, name?: OperationName): Promise<Refusal> {
  const title = `The server answered ${response.status}`;
  const plain: Problem = { type: "about:blank", title, status: response.status };
  const problem = (await response.json().catch(() => plain)) as Problem;
  if (response.status === 401 && name !== "signIn") onSignedOut();
  return new Refusal(response.status, { ...plain, ...problem });
}

/** The key of an attempt, the same as long as what is attempted is the same. */
export function keyring(): (what: string) => string {
  const keys = new Map<string, string>();
  return (what) => {
    const key = keys.get(what) ?? newKey();
    keys.set(what, key);
    return key;
  };
}

/** A key for one attempt that may be sent several times. */
export function newKey(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
