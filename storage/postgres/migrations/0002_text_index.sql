-- The text index: what the messages of a page say, folded and packed, a row per kind of text and slice of the
-- page. storage/search_slice.h knows the octets. Rows are written once, when a page is full, and go as soon as
-- one of the page's messages is purged; a row tells which UIDs it speaks for, so no other table has to.

CREATE TABLE search_slices (
  account_id bigint NOT NULL,
  mailbox_id bigint NOT NULL,
  page       bigint NOT NULL,                   -- uid >> 7
  kind       smallint NOT NULL,                 -- SliceKind; each indexed page has a row of the first, facts
  number     smallint NOT NULL,
  uids       bytea NOT NULL,                    -- 128 bits
  grams      bytea NOT NULL,
  data       bytea NOT NULL,
  PRIMARY KEY (account_id, mailbox_id, page, kind, number)
) WITH (toast_tuple_target = 8160);             -- what is small stays in its row, grams beside large data too
ALTER TABLE search_slices ALTER COLUMN grams SET STORAGE EXTERNAL;
ALTER TABLE search_slices ALTER COLUMN data SET STORAGE EXTERNAL;

-- How far each mailbox has been indexed. Who writes or purges slices of a mailbox holds its row.
CREATE TABLE search_progress (
  account_id bigint NOT NULL,
  mailbox_id bigint NOT NULL,
  next_page  bigint NOT NULL DEFAULT 0,         -- below it, there is nothing to do
  PRIMARY KEY (account_id, mailbox_id)
) WITH (fillfactor = 50);
