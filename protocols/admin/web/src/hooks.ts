// What pages do again and again: ask once and again, page through a list, wait until somebody has typed.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Refusal, call, type Args, type OperationName, type ResultOf } from "./client";

export interface Asked<T> {
  value: T | undefined;
  refusal: Refusal | undefined;
  loading: boolean;
  reload: () => Promise<void>;
  set: (value: T) => void;
}

export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  console.error(error);
  return new Refusal(0, { type: "about:blank", title: "This page has made a mistake", status: 0 });
}

/** The answer of an operation, asked anew when its arguments change. null: not asked. */
export function useCall<N extends OperationName>(name: N, args: Args<N> | null): Asked<ResultOf<N>> {
  const [state, setState] = useState<{ value?: ResultOf<N>; refusal?: Refusal; loading: boolean }>({ loading: true });
  const wanted = JSON.stringify(args);
  const latest = useRef(wanted);
  latest.current = wanted;
  const reload = useCallback(async () => {
    if (args === null) return setState({ loading: false });
    setState((old) => ({ ...old, loading: true }));
    try {
      const value = await call(name, args);
      if (latest.current === wanted) setState({ value, loading: false });
    } catch (error) {
      if (latest.current === wanted) setState({ refusal: asRefusal(error), loading: false });
    }
  }, [name, wanted]);
  useEffect(() => {
    void reload();
  }, [reload]);
  const set = useCallback((value: ResultOf<N>) => setState({ value, loading: false }), []);
  return { value: state.value, refusal: state.refusal, loading: state.loading, reload, set };
}

type ListName = {
  [N in OperationName]: ResultOf<N> extends { items: unknown[]; next: string | null } ? N : never;
}[OperationName];
export type ItemOf<N extends ListName> = ResultOf<N>["items"][number];

export interface Listed<T> {
  items: T[];
  refusal: Refusal | undefined;
  loading: boolean;
  hasMore: boolean;
  more: () => Promise<void>;
  reload: () => Promise<void>;
  replace: (same: (item: T) => boolean, by: T | null) => void;
}

/** A list, page after page; begins anew when the arguments change. */
export function useList<N extends ListName>(name: N, args: Args<N>): Listed<ItemOf<N>> {
  type State = { items: ItemOf<N>[]; next: string | null; refusal?: Refusal; loading: boolean };
  const [state, setState] = useState<State>({ items: [], next: null, loading: true });
  const wanted = JSON.stringify(args);
  const latest = useRef(wanted);
  latest.current = wanted;
  const fetchPage = useCallback(
    async (after: string | null, before: ItemOf<N>[]) => {
      setState((old) => ({ ...old, loading: true }));
      try {
        const page = (await call(name, (after === null ? args : { ...args, after }) as Args<N>)) as ResultOf<ListName>;
        if (latest.current !== wanted) return;
        setState({ items: [...before, ...(page.items as ItemOf<N>[])], next: page.next, loading: false });
      } catch (error) {
        if (latest.current === wanted)
          setState({ items: before, next: null, refusal: asRefusal(error), loading: false });
      }
    },
    [name, wanted],
  );
  const reload = useCallback(() => fetchPage(null, []), [fetchPage]);
  useEffect(() => {
    void reload();
  }, [reload]);
  const replace = useCallback(
    (same: (item: ItemOf<N>) => boolean, by: ItemOf<N> | null) =>
      setState((old) => ({
        ...old,
        items:
          by === null ? old.items.filter((item) => !same(item)) : old.items.map((item) => (same(item) ? by : item)),
      })),
    [],
  );
  const more = () => fetchPage(state.next, state.items);
  return {
    items: state.items,
    refusal: state.refusal,
    loading: state.loading,
    hasMore: state.next !== null,
    more,
    reload,
    replace,
  };
}

/** The value once it has not changed for a moment. */
export function useSettled<T>(value: T, delayMs = 200): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}

const idleAfterMs = 300_000;
let lastTouch = Date.now();
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (lastTouch = Date.now()));

/**
 * Every so often, while the page can be seen and somebody is at it: what asks by itself must not keep a session alive
 * that nobody uses.
 */
export function useInterval(work: () => void, periodMs: number): void {
  const current = useRef(work);
  current.current = work;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && Date.now() - lastTouch < idleAfterMs) current.current();
    }, periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
}
