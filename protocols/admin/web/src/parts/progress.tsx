// How far long work has come.
export function Progress({ done, of, label }: { done: number; of: number; label: string }) {
  return (
    <span class="progress">
      <progress max={of} value={done} aria-label={label} /> {done} of {of}
    </span>
  );
}
