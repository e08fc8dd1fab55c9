// A switch that takes effect at once, and shows the new state only when the server has taken it.
import { useState } from "preact/hooks";
import { attempt } from "./notices";

interface SwitchProps {
  on: boolean;
  label: string;
  disabled?: boolean;
  onChange: (on: boolean) => Promise<unknown>;
}

export function Switch({ on, label, disabled = false, onChange }: SwitchProps) {
  const [busy, setBusy] = useState(false);
  const toggle = async () => {
    setBusy(true);
    await attempt(() => onChange(!on));
    setBusy(false);
  };
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-busy={busy}
      class="switch"
      disabled={disabled}
      onClick={() => {
        if (!busy) void toggle();
      }}
    >
      <span class="knob" />
    </button>
  );
}
