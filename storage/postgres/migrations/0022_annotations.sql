-- What clients note on a mailbox, or on the account as a whole (RFC 5464). Removed ones stay for a while without a
-- value, so that whoever watches hears of it. revision: when it was last set, counted in account_usage under its lock.

CREATE TABLE annotations (
  account_id bigint NOT NULL,
  mailbox_id bigint NOT NULL,                     -- 0: the account's own
  entry      text NOT NULL,                       -- "/private/comment", in lower case
  value      bytea,
  revision   bigint NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, entry)
);
CREATE INDEX annotations_by_revision ON annotations (account_id, revision);

ALTER TABLE account_usage ADD COLUMN annotations_revision bigint NOT NULL DEFAULT 0;
