// A scene of the server's, read while it plays: a JSON object per line. What the lines tell is in protocols/demo.
import { useCallback, useEffect, useRef } from "preact/hooks";
import { post } from "../client";
import { asRefusal } from "../hooks";

export type Scene = "delivery" | "pop3" | "imap" | "imap-change" | "phone";

export interface Line {
  at: number; // ms of the server's clock
  who?: "client" | "server";
  text?: string;
  what?: string;
  [fact: string]: unknown;
}

/** Until it ends; what was in its way is heard as well. */
export async function play(scene: Scene, wish: object, hear: (line: Line) => void, signal: AbortSignal): Promise<void> {
  try {
    const response = await post("/demo/" + scene, wish, signal);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      for (const line of lines) hear(JSON.parse(line) as Line);
    }
  } catch (error) {
    if (!signal.aborted) hear({ at: 0, what: "failed", detail: wordsOf(error) });
  }
}

function wordsOf(error: unknown): string {
  return error instanceof TypeError ? "The server does not answer" : asRefusal(error).message;
}

const pauseMs = 1000;

/** A scene that is played as long as the page is there. Gives a way to begin it anew with another wish. */
export function useLive(scene: Scene, usual: () => object, hear: (line: Line) => void): (wish: object) => void {
  const next = useRef<object | null>(null);
  const playing = useRef<AbortController | null>(null);
  const current = useRef({ usual, hear });
  current.current = { usual, hear };
  useEffect(() => {
    let there = true;
    const live = async () => {
      while (there) {
        const wish = next.current ?? current.current.usual();
        next.current = null;
        const controller = new AbortController();
        playing.current = controller;
        await play(scene, wish, (line) => there && current.current.hear(line), controller.signal);
        if (next.current === null && there) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    };
    void live();
    return () => {
      there = false;
      playing.current?.abort();
    };
  }, [scene]);
  return useCallback((wish: object) => {
    next.current = wish;
    playing.current?.abort();
  }, []);
}
