-- A trace ends by itself. And which protocol versions a device has been told of.

ALTER TABLE devices ADD COLUMN trace_until timestamptz;        -- devices.trace: of earlier releases
ALTER TABLE devices ADD COLUMN versions_told text NOT NULL DEFAULT '';

CREATE OR REPLACE VIEW device_records AS
  SELECT device.account_id, device.device_id, device.type, device.user_agent, device.protocol_version,
         device.last_address, device.first_seen, device.last_seen, device.model, device.os, device.friendly_name,
         device.imei, device.phone_number, device.decided, device.wipe, device.wipe_asked_by,
         device.wipe_asked_at, device.wiped_at, device.policy_key, device.policy_final, device.policy_version,
         device.trace, device.ping_interval_s, device.ping_folders,
         device.last_seen > now() - interval '10 minutes' AS seen_lately,
         (SELECT rule.access
            FROM device_rules rule
           WHERE rule.tenant_id = owner.tenant_id
             AND (rule.domain_id IS NULL OR rule.domain_id = owner.domain_id)
             AND CASE rule.field WHEN 0 THEN device.type
                                 WHEN 1 THEN device.user_agent
                                 WHEN 2 THEN device.protocol_version
                                 WHEN 3 THEN device.model
                                 WHEN 4 THEN device.os END ILIKE rule.matches
           ORDER BY rule.domain_id IS NULL, rule.position, rule.rule_id
           LIMIT 1) AS by_rule,
         device.wipe_sent_at, coalesce(owner.policy, '{}') AS policy_values,
         CASE WHEN device.trace_until > now() THEN device.trace_until END AS traced_until,
         device.versions_told
    FROM devices device
    LEFT JOIN LATERAL (
      SELECT domain.tenant_id, domain.domain_id, plan.policy || domain.policy || account.policy AS policy
        FROM accounts account
        JOIN domains domain USING (domain_id)
        JOIN plans plan USING (plan_id)
       WHERE account.account_id = device.account_id) owner ON true;
