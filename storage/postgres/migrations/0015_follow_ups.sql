-- What a device says with a follow-up flag (dates, reminder, subject): beside the octets, so that copies and moves of a
-- message keep it.

CREATE TABLE follow_ups (
  account_id bigint NOT NULL,
  blob_id    bigint NOT NULL,
  details    bytea NOT NULL,                    -- as its protocol writes them
  PRIMARY KEY (account_id, blob_id),
  FOREIGN KEY (account_id, blob_id) REFERENCES blobs (account_id, blob_id) ON DELETE CASCADE
);
