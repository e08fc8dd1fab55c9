-- Mail on its way out. A queued message refers to a blob of its account, which a copy in Sent may share; purge
-- frees the blob when neither a mailbox nor the queue refers to it any more.

CREATE SEQUENCE outbox_ids AS bigint CACHE 10;

CREATE TABLE outbox (
  account_id     bigint NOT NULL,
  outbox_id      bigint NOT NULL DEFAULT nextval('outbox_ids'),
  submission_key bytea NOT NULL,                -- what must not be queued twice; also settles a commit in doubt
  blob_id        bigint NOT NULL,
  size           bigint NOT NULL,
  reverse_path   text NOT NULL,                 -- empty: none
  envelope_id    text NOT NULL DEFAULT '',      -- ENVID (RFC 3461), as given
  return_content smallint NOT NULL DEFAULT 0,   -- ReturnContent
  eight_bit      boolean NOT NULL,              -- octets beyond 127 in the message
  smtputf8       boolean NOT NULL,              -- the envelope or the header needs RFC 6531
  recipients     integer NOT NULL,              -- how many, for the limits
  queued_at      timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  next_attempt   timestamptz,                   -- while an attempt runs: the end of its lease; NULL: finished
  holder         bytea,                         -- whose attempt runs
  attempts       integer NOT NULL DEFAULT 0,
  warned         boolean NOT NULL DEFAULT false,  -- the sender has been told of the delay
  finished_at    timestamptz,
  PRIMARY KEY (account_id, outbox_id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX outbox_key ON outbox (account_id, submission_key);
CREATE INDEX outbox_due ON outbox (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_queued ON outbox (account_id, queued_at);
CREATE INDEX outbox_blob ON outbox (account_id, blob_id);

CREATE TABLE outbox_recipients (
  account_id bigint NOT NULL,
  outbox_id  bigint NOT NULL,
  number     integer NOT NULL,                  -- from 1, in the order of RCPT
  address    text NOT NULL,
  notify     smallint NOT NULL DEFAULT 0,       -- Notify, as bits
  original   text NOT NULL DEFAULT '',          -- ORCPT (RFC 3461), as given
  state      smallint NOT NULL DEFAULT 0,       -- RecipientState
  report     smallint NOT NULL DEFAULT 0,       -- Report: what the sender has yet to be told
  answer     text NOT NULL DEFAULT '',          -- the last one of the next hop, or our own
  settled_at timestamptz,
  PRIMARY KEY (account_id, outbox_id, number)
) WITH (fillfactor = 70);
