-- Recovery of deleted mail: how messages were when they left, who took them away, and what has been brought back.

-- Entries of pages (page_codec.h) of the messages that left; NULL: a node of an earlier release wrote the row.
ALTER TABLE expunged ADD COLUMN states bytea;
ALTER TABLE expunged ADD COLUMN remover text;   -- NULL: the account itself
ALTER TABLE mailboxes ADD COLUMN remover text;

-- Deletions by POP3, for accounts that keep none of them.
CREATE INDEX expunged_by_pop3 ON expunged (account_id) WHERE purged_at IS NULL AND door = 0;

-- Removed messages that have been put into a mailbox again: they are not offered twice.
CREATE TABLE recovered (
  account_id   bigint NOT NULL,
  mailbox_id   bigint NOT NULL,
  uid          bigint NOT NULL,
  to_mailbox   bigint NOT NULL,
  to_uid       bigint NOT NULL,
  recovered_by text NOT NULL,
  recovered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, mailbox_id, uid)
);
CREATE INDEX recovered_age ON recovered USING brin (recovered_at);
