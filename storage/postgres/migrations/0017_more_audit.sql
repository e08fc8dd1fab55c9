-- The audit learns of quotas, notices, retention rules and device rules, and says the scopes of a token in words. What
-- is restored is noted by the statements that restore: mail tables have no triggers.

-- The names of scopes, by their bits (storage/model/role.h).
CREATE FUNCTION scope_words(scopes bigint) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_agg(name ORDER BY number), '[]')
    FROM unnest('{directory:read,directory:write,domains:write,tenants:write,credentials:write,devices:read,devices:write,queue:read,queue:write,usage:read,audit:read,administrators:read,administrators:write,server:read,self,recovery:read,recovery:write,sessions:read,sessions:write,server:write}'::text[])
         WITH ORDINALITY AS scope(name, number)
   WHERE ($1 >> (number - 1)::int) & 1 = 1
$$;

-- A row as people read it: numbers that stand for words become words.
CREATE OR REPLACE FUNCTION audit_words(kind text, fields jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF fields ? 'features_set' THEN
    fields := fields - '{features_set,features_value}'::text[] || jsonb_build_object('features',
      feature_words((fields ->> 'features_set')::bigint, (fields ->> 'features_value')::bigint));
  ELSIF fields ? 'features' THEN
    fields := fields || jsonb_build_object('features', feature_words(63, (fields ->> 'features')::bigint));
  END IF;
  IF fields ? 'doors' THEN
    fields := fields || jsonb_build_object('doors', feature_words((fields ->> 'doors')::bigint, 63));
  END IF;
  IF fields ? 'plan_id' AND kind = 'domain' THEN
    fields := fields - 'plan_id' || jsonb_build_object('plan',
      (SELECT plan.name FROM plans plan WHERE plan.plan_id = (fields ->> 'plan_id')::bigint));
  END IF;
  IF kind = 'account' THEN
    fields := fields || jsonb_build_object('status',
      ('{active,disabled,deleted}'::text[])[(fields ->> 'status')::int + 1]);
  ELSIF kind = 'administrator' THEN
    fields := fields || jsonb_build_object('role',
      ('{root,provider,reseller,domain_admin,domain_reader,help_desk,billing,user}'::text[])[(fields ->> 'role')::int + 1]);
  ELSIF kind = 'device' THEN
    fields := fields || jsonb_build_object(
      'decided', ('{allowed,blocked,quarantined}'::text[])[(fields ->> 'decided')::int + 1],
      'wipe', ('{none,everything,account}'::text[])[(fields ->> 'wipe')::int + 1]);
  ELSIF kind = 'token' THEN
    fields := fields || jsonb_build_object('scopes', scope_words((fields ->> 'scopes')::bigint));
  ELSIF kind = 'quota' THEN
    fields := fields || jsonb_build_object('when_full',
      ('{settings,defer,reject}'::text[])[(fields ->> 'when_full')::int + 1]);
  ELSIF kind = 'device_rule' THEN
    fields := fields || jsonb_build_object(
      'field', ('{type,agent,version,model,os}'::text[])[(fields ->> 'field')::int + 1],
      'access', ('{allowed,blocked,quarantined}'::text[])[(fields ->> 'access')::int + 1]);
  END IF;
  RETURN fields;
END $$;

-- Arguments: the kind, the column with the name, columns that are secret, columns that are nobody's business.
CREATE OR REPLACE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(old) - TG_ARGV[3]::text[] END;
  becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(new) - TG_ARGV[3]::text[] END;
  fields jsonb := coalesce(becomes, was);
  name text := fields ->> TG_ARGV[1];
  of_tenant bigint := fields ->> 'tenant_id';
  of_domain bigint := fields ->> 'domain_id';
  owner text;
  secret text;
BEGIN
  IF was = becomes THEN RETURN NULL; END IF;
  FOREACH secret IN ARRAY TG_ARGV[2]::text[] LOOP
    IF was -> secret IS DISTINCT FROM becomes -> secret THEN
      was := was || jsonb_build_object(secret, '(a secret)');
      becomes := becomes || jsonb_build_object(secret, CASE WHEN was IS NULL THEN '(a secret)' ELSE '(another secret)' END);
    ELSE
      was := was - secret;
      becomes := becomes - secret;
    END IF;
  END LOOP;
  IF TG_ARGV[0] NOT IN ('account', 'administrator') THEN
    IF fields ->> 'account_id' IS NOT NULL THEN
      SELECT account.address, account.domain_id INTO owner, of_domain
        FROM accounts account WHERE account.account_id = (fields ->> 'account_id')::bigint;
      IF owner IS NULL THEN RETURN NULL; END IF;  -- it goes with its account
    ELSIF fields ->> 'administrator_id' IS NOT NULL THEN
      SELECT admin.name, admin.tenant_id, admin.domain_id INTO owner, of_tenant, of_domain
        FROM administrators admin WHERE admin.administrator_id = (fields ->> 'administrator_id')::bigint;
      IF owner IS NULL THEN RETURN NULL; END IF;
    ELSIF TG_ARGV[0] IN ('quota', 'quota_notice', 'retention', 'device_rule') THEN
      owner := coalesce(
        (SELECT domain.name FROM domains domain WHERE domain.domain_id = of_domain),
        (SELECT plan.name FROM plans plan WHERE plan.plan_id = (fields ->> 'plan_id')::bigint),
        CASE WHEN of_domain IS NULL THEN (SELECT tenant.name FROM tenants tenant WHERE tenant.tenant_id = of_tenant) END);
      IF owner IS NULL THEN RETURN NULL; END IF;  -- it goes with its domain or plan
    END IF;
  END IF;
  IF of_tenant IS NULL AND of_domain IS NOT NULL THEN
    SELECT domain.tenant_id INTO of_tenant FROM domains domain WHERE domain.domain_id = of_domain;
  END IF;
  was := audit_words(TG_ARGV[0], was);
  becomes := audit_words(TG_ARGV[0], becomes);
  IF TG_OP = 'UPDATE' THEN
    SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, becomes -> o.key) INTO was, becomes
      FROM jsonb_each(was) o WHERE o.value IS DISTINCT FROM becomes -> o.key;
  END IF;
  INSERT INTO audit (who, via, source, action, kind, object, tenant_id, domain_id, before, after)
  VALUES (acting('who'), acting('via'), acting('from'),
          CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'delete' END,
          TG_ARGV[0], concat_ws('/', owner, name), of_tenant, of_domain, was, becomes);
  RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON domain_quotas FOR EACH ROW
  EXECUTE FUNCTION audit_row('quota', '', '{}', '{}');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON quota_notices FOR EACH ROW
  EXECUTE FUNCTION audit_row('quota_notice', 'level', '{}', '{}');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON plan_retention FOR EACH ROW
  EXECUTE FUNCTION audit_row('retention', '', '{}', '{}');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON domain_retention FOR EACH ROW
  EXECUTE FUNCTION audit_row('retention', '', '{}', '{}');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON device_rules FOR EACH ROW
  EXECUTE FUNCTION audit_row('device_rule', 'pattern', '{}', '{matches}');
