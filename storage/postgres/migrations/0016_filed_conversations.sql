-- Conversations whose mail to come goes to a folder instead of INBOX. An older node delivers it to INBOX.

CREATE TABLE filed_conversations (
  account_id   bigint NOT NULL,
  conversation bytea NOT NULL,                  -- 16 octets
  mailbox_id   bigint NOT NULL,
  filed_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, conversation),
  FOREIGN KEY (account_id, mailbox_id) REFERENCES mailboxes (account_id, mailbox_id) ON DELETE CASCADE
);
CREATE INDEX filed_conversations_mailbox ON filed_conversations (account_id, mailbox_id);
