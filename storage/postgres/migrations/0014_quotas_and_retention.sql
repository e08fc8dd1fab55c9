-- Quotas of domains, notices about full mailboxes, what the nightly recount has found; and retention rules.

CREATE TABLE domain_quotas (
  domain_id     bigint PRIMARY KEY REFERENCES domains ON DELETE CASCADE,
  pool_octets   bigint CHECK (pool_octets > 0),     -- NULL: no pool
  pool_messages bigint CHECK (pool_messages > 0),
  when_full     smallint NOT NULL,                  -- WhenFull
  administrator text NOT NULL                       -- '': nobody
);

CREATE TABLE quota_notices (
  domain_id bigint NOT NULL REFERENCES domains ON DELETE CASCADE,
  level     smallint NOT NULL,                      -- QuotaLevel
  subject   text NOT NULL,
  body      text NOT NULL,
  PRIMARY KEY (domain_id, level)
);

-- pool_full: the domain's pool has no room, so nobody's mailbox grows. told: the level that the account has
-- heard of; told_at tells one rise from the next.
ALTER TABLE account_usage ADD COLUMN pool_full boolean NOT NULL DEFAULT false;
ALTER TABLE account_usage ADD COLUMN told smallint NOT NULL DEFAULT 0;
ALTER TABLE account_usage ADD COLUMN told_at timestamptz;

-- The level of some usage, given what was told before: one that was reached counts until five points below, so
-- that mail that comes and goes at the threshold is no news. Full is where the next message may not fit.
CREATE FUNCTION quota_level(used bigint, used_max bigint, room_for_one bigint, told smallint) RETURNS smallint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 IS NULL THEN 0
              WHEN $1 + least($3, $2 / 100) >= $2 THEN 100
              WHEN $1::numeric * 100 >= $2::numeric * 95 THEN CASE WHEN $4 = 100 THEN 100 ELSE 95 END
              WHEN $1::numeric * 100 >= $2::numeric * 90 AND $4 >= 95 THEN 95
              WHEN $1::numeric * 100 >= $2::numeric * 80 THEN 80
              WHEN $1::numeric * 100 >= $2::numeric * 75 AND $4 >= 80 THEN 80
              ELSE 0 END::smallint
$$;

-- When a job that has its hour was last begun and ended.
CREATE TABLE job_runs (
  job      text PRIMARY KEY,
  begun_at timestamptz NOT NULL,
  ended_at timestamptz
);

CREATE TABLE quota_drifts (
  account_id bigint NOT NULL,
  what       text NOT NULL,
  stored     bigint NOT NULL,
  counted    bigint NOT NULL
);

-- After how many days mail leaves Trash and Junk by itself. NULL: as the plan says, and of a plan, never; 0: never.
CREATE TABLE plan_retention (
  plan_id    bigint PRIMARY KEY REFERENCES plans ON DELETE CASCADE,
  trash_days integer CHECK (trash_days BETWEEN 0 AND 3650),
  junk_days  integer CHECK (junk_days BETWEEN 0 AND 3650)
);
CREATE TABLE domain_retention (
  domain_id  bigint PRIMARY KEY REFERENCES domains ON DELETE CASCADE,
  trash_days integer CHECK (trash_days BETWEEN 0 AND 3650),
  junk_days  integer CHECK (junk_days BETWEEN 0 AND 3650)
);
