// How much room the accounts of a domain have together, what mail for a full one is told, and what its owner is.
import { useState } from "preact/hooks";
import type { DomainQuota, QuotaNotice } from "../../generated/contract";
import { call } from "../client";
import { countText, octetsText, parseOctets } from "../format";
import { useCall, type Asked } from "../hooks";
import { Dialog } from "../parts/dialog";
import { Failure, Field, SelectField, TextField, useForm } from "../parts/form";
import { tell } from "../parts/notices";
import { Card, Foreign, Meter, Refused } from "../parts/show";
import { useSigned } from "../session";

const whenFullWords: Record<DomainQuota["when_full"], string> = {
  settings: "as the server's settings say",
  defer: "try again later (452)",
  reject: "goes back to its sender (552)",
};

export function DomainRoom({ name }: { name: string }) {
  const { may } = useSigned();
  const quota = useCall("getDomainQuota", { domain: name });
  const [editing, setEditing] = useState(false);
  const value = quota.value;
  return (
    <Card
      title="Room"
      actions={
        may("directory:write") &&
        value && (
          <button type="button" class="small" onClick={() => setEditing(true)}>
            Change room
          </button>
        )
      }
    >
      {quota.refusal && <Refused refusal={quota.refusal} />}
      {value && (
        <dl class="facts">
          <div>
            <dt>All accounts</dt>
            <dd>
              <Meter used={value.octets} max={value.pool_octets} label="Storage of all accounts" />
            </dd>
          </div>
          <div>
            <dt>Messages</dt>
            <dd>
              {countText(value.messages)}
              {value.pool_messages !== null && <> of {countText(value.pool_messages)}</>}
            </dd>
          </div>
          <div>
            <dt>Mail for a full one</dt>
            <dd>{whenFullWords[value.when_full]}</dd>
          </div>
          <div>
            <dt>Who hears of it, too</dt>
            <dd>{value.administrator ? <Foreign text={value.administrator} /> : <span class="dim">nobody</span>}</dd>
          </div>
          <div>
            <dt>What owners are told</dt>
            <dd>
              <Notices domain={name} />
            </dd>
          </div>
        </dl>
      )}
      {editing && value && (
        <ChangeRoom name={name} quota={quota as Asked<DomainQuota>} onClose={() => setEditing(false)} />
      )}
    </Card>
  );
}

function ChangeRoom({ name, quota, onClose }: { name: string; quota: Asked<DomainQuota>; onClose: () => void }) {
  const { may } = useSigned();
  const value = quota.value!;
  const octets = value.pool_octets === null ? "" : octetsText(value.pool_octets);
  const messages = value.pool_messages === null ? "" : String(value.pool_messages);
  const form = useForm(
    { pool_octets: octets, pool_messages: messages, when_full: value.when_full as string, administrator: value.administrator },
    async (values) => {
      quota.set(
        await call(
          "changeDomainQuota",
          { domain: name },
          {
            ...(values.pool_octets !== octets
              ? { pool_octets: values.pool_octets.trim() ? parseOctets(values.pool_octets) : null }
              : {}),
            ...(values.pool_messages !== messages
              ? { pool_messages: values.pool_messages.trim() ? Number(values.pool_messages) : null }
              : {}),
            when_full: values.when_full as DomainQuota["when_full"],
            administrator: values.administrator.trim(),
          },
        ),
      );
      tell("Saved");
      onClose();
    },
    ({ pool_octets, pool_messages }) => ({
      ...(pool_octets.trim() && parseOctets(pool_octets) === null
        ? { pool_octets: "A size such as 100 GB, or nothing" }
        : {}),
      ...(/^\s*([1-9]\d*)?\s*$/.test(pool_messages) ? {} : { pool_messages: "A number, or nothing" }),
    }),
  );
  return (
    <Dialog title={`Room of ${name}`} onClose={onClose}>
      <form onSubmit={form.onSubmit} noValidate>
        {may("domains:write") && (
          <>
            <TextField
              form={form}
              name="pool_octets"
              label="Storage of all accounts together"
              placeholder="no limit"
              hint="Such as 100 GB; it is added up every minute"
            />
            <TextField
              form={form}
              name="pool_messages"
              label="Messages of all together"
              inputMode="numeric"
              placeholder="no limit"
            />
          </>
        )}
        <SelectField
          form={form}
          name="when_full"
          label="Mail for a full account"
          options={Object.entries(whenFullWords)}
        />
        <TextField
          form={form}
          name="administrator"
          label="Who hears of full accounts, too"
          placeholder="nobody"
          type="email"
        />
        <Failure text={form.failure} />
        <footer class="actions">
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function levelText(level: QuotaNotice["level"]): string {
  return level === 0 ? "room again" : `${level} %`;
}

function Notices({ domain }: { domain: string }) {
  const { may } = useSigned();
  const notices = useCall("listQuotaNotices", { domain });
  const [editing, setEditing] = useState<QuotaNotice | null>(null);
  return (
    <>
      <ul>
        {(notices.value?.items ?? []).map((one) => (
          <li key={one.level}>
            {levelText(one.level)}: <Foreign text={one.subject} />{" "}
            {may("directory:write") && (
              <button
                type="button"
                class="quiet small"
                aria-label={`Words at ${levelText(one.level)}`}
                onClick={() => setEditing(one)}
              >
                Words
              </button>
            )}
          </li>
        ))}
      </ul>
      {editing && (
        <ChangeNotice
          domain={domain}
          notice={editing}
          onClose={() => setEditing(null)}
          onSaved={() => void notices.reload()}
        />
      )}
    </>
  );
}

interface ChangeNoticeProps {
  domain: string;
  notice: QuotaNotice;
  onClose: () => void;
  onSaved: () => void;
}

function ChangeNotice({ domain, notice, onClose, onSaved }: ChangeNoticeProps) {
  const at = { domain, level: notice.level };
  const done = (text: string) => {
    tell(text);
    onSaved();
    onClose();
  };
  const form = useForm({ subject: notice.subject, text: notice.text }, async (values) => {
    await call("putQuotaNotice", at, values);
    done("Saved");
  });
  return (
    <Dialog title={`What owners are told: ${levelText(notice.level)}`} onClose={onClose} wide>
      <form onSubmit={form.onSubmit} noValidate>
        <TextField form={form} name="subject" label="Subject" />
        <Field
          label="Text"
          error={form.errors.text}
          hint="{address}, {percent}, {used} and {limit} are filled in"
        >
          {(ids) => (
            <textarea
              {...ids}
              rows={8}
              value={form.values.text}
              onInput={(event) => form.set("text", event.currentTarget.value)}
            />
          )}
        </Field>
        <Failure text={form.failure} />
        <footer class="actions">
          {!notice.usual && (
            <button
              type="button"
              class="quiet"
              onClick={() => void call("deleteQuotaNotice", at).then(() => done("The usual words again"))}
            >
              The usual words
            </button>
          )}
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button class="primary" disabled={form.busy}>
            Save
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
