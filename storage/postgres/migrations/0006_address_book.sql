-- The address book: what an account is called, and who is found by it. Words are looked up by their beginning
-- through two expression indexes, so a row that a node of an earlier release writes is found as well.

ALTER TABLE accounts ADD COLUMN display_name text NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN name_words text[] NOT NULL DEFAULT '{}';  -- of display_name; storage/name_words.h
ALTER TABLE accounts ADD COLUMN in_address_book boolean NOT NULL DEFAULT true;

CREATE OR REPLACE VIEW account_records AS
  SELECT account.account_id, account.domain_id, account.address, account.status, account.password_hash,
         account.scram_sha256, plan.features AS plan_features,
         domain.features_set AS domain_features_set, domain.features_value AS domain_features_value,
         account.features_set, account.features_value,
         usage.octets, usage.messages, usage.octets_max, usage.messages_max,
         account.display_name, account.in_address_book
    FROM accounts account
    JOIN domains domain USING (domain_id)
    JOIN plans plan USING (plan_id)
    JOIN account_usage usage USING (account_id);

-- Each word carries its domain, so that a look-up never passes over other domains' people.
CREATE FUNCTION address_book_words(domain_id bigint, address text, name_words text[]) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(ARRAY(
    SELECT $1::text || ':' || word
      FROM unnest($3 || $2 || regexp_split_to_array(split_part($2, '@', 1), '[-._+&]+')) word
     WHERE word <> ''))
$$;

-- Rows with, for each of the given words, one that begins with it.
CREATE FUNCTION address_book_query(domain_id bigint, words text[]) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg('''' || $1::text || ':' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*',
                    ' & ')::tsquery
    FROM unnest($2) word
$$;

CREATE INDEX accounts_address_book ON accounts
  USING gin (address_book_words(domain_id, address, name_words));
-- An alias with one target is another address of whom it leads to.
CREATE INDEX aliases_address_book ON aliases
  USING gin (address_book_words(domain_id, address, '{}'::text[])) WHERE cardinality(targets) = 1;
