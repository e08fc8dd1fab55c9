-- Which store this is, and how often its history has been set back: a database that was restored to an earlier
-- moment runs on another timeline, or in another cluster.

CREATE TABLE lineage (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  store    uuid NOT NULL DEFAULT gen_random_uuid(),
  life     integer NOT NULL DEFAULT 1,
  cluster  bigint NOT NULL,                         -- pg_control_system().system_identifier
  timeline bigint NOT NULL
);

-- As the write-ahead log counts them: the control file shows an old one until the next checkpoint.
CREATE FUNCTION current_timeline() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint
$$;

INSERT INTO lineage (cluster, timeline)
SELECT system_identifier, current_timeline() FROM pg_control_system();
