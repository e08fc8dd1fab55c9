-- Out of office. The state stands in the account's row, where every delivery looks anyway; the words and who has
-- been answered stand apart.

ALTER TABLE accounts ADD COLUMN absence smallint NOT NULL DEFAULT 0;  -- AbsenceState

CREATE TABLE absences (
  account_id bigint PRIMARY KEY,
  begins     timestamptz,                       -- both with AbsenceState "between" only
  ends       timestamptz,
  enabled    smallint NOT NULL,                 -- bit n: Audience n is answered …
  html       smallint NOT NULL,                 -- … in HTML …
  replies    text[] NOT NULL                    -- … with element n + 1
);

CREATE TABLE absence_answered (
  account_id  bigint NOT NULL,
  sender      text NOT NULL,                    -- lower case
  answered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, sender)
);

-- Another address of whom it leads to alone.
CREATE INDEX aliases_of_one ON aliases ((targets[1])) WHERE cardinality(targets) = 1;
