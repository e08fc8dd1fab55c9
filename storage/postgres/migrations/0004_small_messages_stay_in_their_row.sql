-- A message of a few KiB is read and written with one row instead of four: beyond 2 KiB PostgreSQL would move its
-- octets to a table of their own. Rows that exist stay as they are.
ALTER TABLE blobs SET (toast_tuple_target = 8160);
