-- What imports have brought of folders elsewhere, so that one that is repeated until the cut-over asks for what is new
-- only. mark_key: a digest of account, server and folder there.

CREATE TABLE brought_marks (
  account_id   bigint NOT NULL,
  mark_key     bytea NOT NULL,
  uid_validity bigint NOT NULL,
  uids         text NOT NULL,                       -- "2,4:7"
  PRIMARY KEY (account_id, mark_key)
);
