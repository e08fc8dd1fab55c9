// Short words about what has just happened, for eyes and screen readers; they go by themselves, errors stay longer.
import { useEffect, useState } from "preact/hooks";
import { asRefusal } from "../hooks";

interface Notice {
  id: number;
  text: string;
  bad: boolean;
}

let notices: Notice[] = [];
let lastId = 0;
let changed = () => {};

function add(text: string, bad: boolean): void {
  const notice = { id: ++lastId, text, bad };
  notices = [...notices.slice(-2), notice];
  changed();
  setTimeout(() => remove(notice.id), bad ? 12000 : 4000);
}

function remove(id: number): void {
  notices = notices.filter((one) => one.id !== id);
  changed();
}

export function tell(text: string): void {
  add(text, false);
}

/** Does it, and says so if it was refused. Whether it was done. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done) tell(done);
    return true;
  } catch (error) {
    add(asRefusal(error).message, true);
    return false;
  }
}

export function Notices() {
  const [, setTick] = useState(0);
  useEffect(() => {
    changed = () => setTick((tick) => tick + 1);
    return () => {
      changed = () => {};
    };
  }, []);
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.map((one) => (
        <p key={one.id} class={one.bad ? "notice bad" : "notice"}>
          {one.text}
          <button type="button" class="quiet close" aria-label="Dismiss" onClick={() => remove(one.id)}>
            ×
          </button>
        </p>
      ))}
    </div>
  );
}
