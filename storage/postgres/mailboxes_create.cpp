#include "storage/postgres/mailboxes_create.h"

namespace postern::postgres {

extern const Statement kLockUsage{"lock_usage_for_mailboxes", R"sql(
 SELECT account_id FROM account_usage WHERE account_id = $1::bigint FOR NO KEY UPDATE)sql"};

// If the last must be new its twin is left for the unique index to refuse.
extern const Statement kCreateMailboxes{"create_mailboxes", R"sql(
 WITH missing AS (
     SELECT wanted.name, wanted.position, row_number() OVER (ORDER BY wanted.position) - 1 AS step
       FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, position)
      WHERE ($5::boolean AND wanted.position = cardinality($2::text[]))
         OR NOT EXISTS (SELECT FROM mailboxes
                         WHERE account_id = $1::bigint AND mailboxes.name = wanted.name AND removed_at IS NULL)),
 room AS (
     SELECT next_uid_validity
       FROM account_usage
      WHERE account_id = $1::bigint
        AND (SELECT count(*) FROM missing)
            + (SELECT count(*) FROM mailboxes WHERE account_id = $1::bigint AND removed_at IS NULL)
            <= $4::bigint),
 advanced AS (
     UPDATE account_usage SET next_uid_validity = next_uid_validity + (SELECT count(*) FROM missing)
      WHERE account_id = $1::bigint AND EXISTS (SELECT FROM room))
 INSERT INTO mailboxes (account_id, name, special_use, uid_validity)
 SELECT $1::bigint, missing.name,
        CASE WHEN missing.position = cardinality($2::text[]) THEN $3::smallint ELSE 0 END,
        room.next_uid_validity + missing.step
   FROM missing CROSS JOIN room
  ORDER BY missing.position
 RETURNING )sql" POSTERN_MAILBOX_COLUMNS};

Result<Mailbox> mailbox_from_row(AccountId account, const Row& row) {
  auto name = MailboxName::parse(row.get<std::string_view>(1));
  if (!name) return Error(ErrorKind::internal, "stored mailbox name: " + name.error().detail);
  Mailbox mailbox;
  mailbox.key = {account, MailboxId{row.get<std::int64_t>(0)}};
  mailbox.name = *std::move(name);
  mailbox.special_use = static_cast<SpecialUse>(row.get<std::int16_t>(2));
  mailbox.status = status_from_row(row, 3);
  return mailbox;
}

std::vector<std::string> names_with_parents(const MailboxName& name) {
  std::vector<std::string> names;
  for (const MailboxName& parent : name.ancestors()) names.push_back(parent.text());
  names.push_back(name.text());
  return names;
}

}  // namespace postern::postgres
