-- What the repository of the evening backup holds, for lists: the repository may be far away, and is the truth.

CREATE TABLE saved_evenings (
  evening      date PRIMARY KEY,
  begun_at     timestamptz NOT NULL,
  ended_at     timestamptz NOT NULL,
  accounts     bigint NOT NULL,
  messages     bigint NOT NULL,
  octets       bigint NOT NULL,
  new_messages bigint NOT NULL,
  new_octets   bigint NOT NULL,
  failed       bigint NOT NULL,                 -- accounts that could not be read
  verified_at  timestamptz,                     -- when all of it was last read
  broken       bigint NOT NULL DEFAULT 0        -- what was found broken then
);
