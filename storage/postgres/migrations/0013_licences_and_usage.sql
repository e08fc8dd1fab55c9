-- What tenants may have, and what they had.

ALTER TABLE tenants ADD COLUMN mobile_sync_max bigint CHECK (mobile_sync_max >= 0);  -- NULL: any number

-- As storage/postgres/directory_rows.h has it.
CREATE FUNCTION effective_features(plan smallint, domain_set smallint, domain_value smallint,
                                   account_set smallint, account_value smallint) RETURNS smallint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((((($1 & ~$2) | ($3 & $2))) & ~$4) | ($5 & $4))::smallint
$$;

-- Volatile: after waiting for a tenant's row it sees what the others have committed.
CREATE FUNCTION mobile_sync_used(tenant bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT count(*)
    FROM domains domain JOIN plans plan USING (plan_id) JOIN accounts account USING (domain_id)
   WHERE domain.tenant_id = $1 AND account.status <> 2
     AND effective_features(plan.features, domain.features_set, domain.features_value,
                            account.features_set, account.features_value) & 4 <> 0
$$;

CREATE FUNCTION hold_licences(tenants_asked bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tenant tenants;
BEGIN
  FOR tenant IN SELECT * FROM tenants WHERE tenant_id = ANY(tenants_asked) AND mobile_sync_max IS NOT NULL
                 ORDER BY tenant_id FOR NO KEY UPDATE LOOP
    IF mobile_sync_used(tenant.tenant_id) > tenant.mobile_sync_max THEN
      RAISE EXCEPTION 'more Mobile Sync users than the tenant may have'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'tenants_mobile_sync_max_used';
    END IF;
  END LOOP;
END $$;

-- Only what adds a user asks: a tenant whose maximum was lowered can still change everything else.
CREATE FUNCTION hold_licences_of_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM hold_licences(array_agg(DISTINCT domain.tenant_id))
       FROM new_rows account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
      WHERE effective_features(plan.features, domain.features_set, domain.features_value,
                               account.features_set, account.features_value) & 4 <> 0;
  ELSE
    PERFORM hold_licences(array_agg(DISTINCT domain.tenant_id))
       FROM new_rows account JOIN old_rows was USING (account_id)
       JOIN domains domain ON domain.domain_id = account.domain_id JOIN plans plan USING (plan_id)
      WHERE account.status <> 2
        AND effective_features(plan.features, domain.features_set, domain.features_value,
                               account.features_set, account.features_value) & 4 <> 0
        AND (was.status = 2 OR effective_features(plan.features, domain.features_set, domain.features_value,
                                                  was.features_set, was.features_value) & 4 = 0);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER licences_of_new AFTER INSERT ON accounts REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION hold_licences_of_accounts();
CREATE TRIGGER licences AFTER UPDATE ON accounts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION hold_licences_of_accounts();

CREATE FUNCTION hold_licences_of_domain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hold_licences(ARRAY[new.tenant_id])
     FROM plans was, plans becomes
    WHERE was.plan_id = old.plan_id AND becomes.plan_id = new.plan_id
      AND effective_features(becomes.features, new.features_set, new.features_value, 0::smallint, 0::smallint) & 4 <> 0
      AND effective_features(was.features, old.features_set, old.features_value, 0::smallint, 0::smallint) & 4 = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER licences AFTER UPDATE OF features_set, features_value, plan_id ON domains FOR EACH ROW
  EXECUTE FUNCTION hold_licences_of_domain();

CREATE FUNCTION hold_licences_of_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM hold_licences((SELECT array_agg(DISTINCT tenant_id) FROM domains WHERE plan_id = new.plan_id));
  RETURN NULL;
END $$;
CREATE TRIGGER licences AFTER UPDATE ON plans FOR EACH ROW
  WHEN (old.features & 4 = 0 AND new.features & 4 <> 0) EXECUTE FUNCTION hold_licences_of_plan();

-- A row for each account and day, written again as often as anybody likes.
CREATE TABLE usage_days (
  day        date NOT NULL,                     -- of UTC
  account_id bigint NOT NULL,
  tenant_id  bigint NOT NULL,
  domain_id  bigint NOT NULL,
  address    text NOT NULL,
  plan       text NOT NULL,
  features   smallint NOT NULL,                 -- bit n: Feature n was on at some time of the day
  octets     bigint NOT NULL,                   -- the most that was seen
  messages   bigint NOT NULL,
  devices    integer NOT NULL,                  -- seen on the day
  PRIMARY KEY (day, account_id)
);
CREATE INDEX usage_days_tenant ON usage_days (tenant_id, day, account_id);

-- If-Match: the change that follows in the transaction is refused if the row is not what it was.
CREATE FUNCTION expect_version(version text, expected text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF version IS DISTINCT FROM expected THEN
    RAISE EXCEPTION 'changed meanwhile' USING ERRCODE = 'check_violation', CONSTRAINT = 'if_match';
  END IF;
END $$;
