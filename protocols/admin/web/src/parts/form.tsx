// Forms: one value per member of a request; what the server says about a member stands beside its field, what it
// says of the whole above the buttons.
import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { asRefusal } from "../hooks";

export interface Form<V> {
  values: V;
  set: <K extends keyof V>(name: K, value: V[K]) => void;
  errors: Record<string, string>;
  failure: string | null;
  busy: boolean;
  onSubmit: (event: Event) => void;
}

/** What is wrong before anything is sent, by member; nothing: it may be sent. */
export type Check<V> = (values: V) => Partial<Record<keyof V & string, string>>;

export function useForm<V extends object>(initial: V, send: (values: V) => Promise<void>, check?: Check<V>): Form<V> {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const running = useRef(false);

  const show = (form: HTMLFormElement, found: Record<string, string>, whole: string | null) => {
    const known = Object.keys(found).filter((name) => name in values);
    const others = Object.entries(found)
      .filter(([name]) => !(name in values))
      .map(([name, text]) => `${name}: ${text}`);
    setErrors(found);
    setFailure(known.length > 0 && others.length === 0 ? null : [whole, ...others].filter(Boolean).join(" · ") || null);
    setTimeout(() => form.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus());
  };

  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (running.current) return;
    const form = event.currentTarget as HTMLFormElement;
    const mistakes = Object.entries(check?.(values) ?? {}).filter(([, text]) => text) as Array<[string, string]>;
    if (mistakes.length > 0) return show(form, Object.fromEntries(mistakes), null);
    running.current = true;
    setBusy(true);
    setErrors({});
    setFailure(null);
    try {
      await send(values);
    } catch (error) {
      const refusal = asRefusal(error);
      show(form, refusal.members, refusal.message);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return {
    values,
    errors,
    failure,
    busy,
    set: (name, value) => setValues((old) => ({ ...old, [name]: value })),
    onSubmit: (event) => void onSubmit(event),
  };
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  children: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [error ? id + "e" : "", hint ? id + "h" : ""].filter(Boolean).join(" ") || undefined;
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": described, "aria-invalid": Boolean(error) })}
      {error && (
        <p class="error" id={id + "e"}>
          {error}
        </p>
      )}
      {hint && (
        <p class="hint" id={id + "h"}>
          {hint}
        </p>
      )}
    </div>
  );
}

type TextProps<V> = {
  form: Form<V>;
  name: keyof V & string;
  label: string;
  hint?: ComponentChildren;
} & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, "form" | "name" | "label">;

export function TextField<V extends object>({ form, name, label, hint, ...input }: TextProps<V>) {
  return (
    <Field label={label} hint={hint} error={form.errors[name]}>
      {(ids) => (
        <input
          {...input}
          {...ids}
          name={name}
          value={String(form.values[name])}
          onInput={(event) => form.set(name, event.currentTarget.value as V[typeof name])}
        />
      )}
    </Field>
  );
}

interface SelectProps<V> {
  form: Form<V>;
  name: keyof V & string;
  label: string;
  hint?: ComponentChildren;
  options: Array<[string, string]>;
}

export function SelectField<V extends object>({ form, name, label, hint, options }: SelectProps<V>) {
  return (
    <Field label={label} hint={hint} error={form.errors[name]}>
      {(ids) => (
        <select
          {...ids}
          name={name}
          value={String(form.values[name])}
          onChange={(event) => form.set(name, event.currentTarget.value as V[typeof name])}
        >
          {options.map(([value, text]) => (
            <option value={value} key={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField<V extends object>({
  form,
  name,
  label,
}: {
  form: Form<V>;
  name: keyof V & string;
  label: string;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={Boolean(form.values[name])}
        onChange={(event) => form.set(name, event.currentTarget.checked as V[typeof name])}
      />
      {label}
    </label>
  );
}

export function Failure({ text }: { text: string | null | undefined }) {
  return text ? (
    <p class="failure" role="alert" tabIndex={-1}>
      {text}
    </p>
  ) : null;
}
