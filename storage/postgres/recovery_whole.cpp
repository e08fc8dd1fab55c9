// What comes back whole: removed mailboxes with their UIDs; and which accounts could.
#include "storage/postgres/directory_rows.h"
#include "storage/postgres/mailboxes_create.h"
#include "storage/postgres/recovery.h"
#include "storage/postgres/recovery_rows.h"

namespace postern::postgres {

namespace {

constexpr Statement kRemovedMailboxes{"recovery_removed_mailboxes", POSTERN_WITH_KEPT R"sql(
  SELECT mailbox_id, name, removed_at, removed_by, coalesce(remover, ''), removed_at + kept.span, messages, octets
    FROM kept CROSS JOIN mailboxes
   WHERE account_id = $1::bigint AND removed_at > kept.since
   ORDER BY removed_at DESC, mailbox_id DESC)sql"};

// Whether there is such a mailbox and room for it, then the mailbox. $3: the name instead of its own, if that
// is taken. What was restored of it one by one may be removed, and restored, once more.
constexpr Statement kRestoreMailbox{"recovery_restore_mailbox", POSTERN_WITH_KEPT R"sql(,
  wanted AS MATERIALIZED (
    SELECT mailbox.messages, mailbox.octets, mailbox.special_use,
           CASE WHEN EXISTS (SELECT FROM mailboxes other
                              WHERE other.account_id = $1::bigint AND other.name = mailbox.name
                                AND other.removed_at IS NULL)
                THEN CASE WHEN octet_length(mailbox.name) > 230 THEN left(mailbox.name, 50) ELSE mailbox.name END
                     || $3::text
                ELSE mailbox.name END AS name
      FROM kept CROSS JOIN mailboxes mailbox
     WHERE mailbox.account_id = $1::bigint AND mailbox.mailbox_id = $2::bigint
       AND mailbox.removed_at > kept.since),
  fits AS MATERIALIZED (
    SELECT wanted.*
      FROM wanted CROSS JOIN account_usage usage
     WHERE usage.account_id = $1::bigint AND NOT usage.pool_full
       AND usage.octets + wanted.octets <= coalesce(usage.octets_max, 9223372036854775807)
       AND usage.messages + wanted.messages <= coalesce(usage.messages_max, 9223372036854775807)),
  back AS (
    UPDATE mailboxes
       SET removed_at = NULL, removed_by = NULL, remover = NULL, highest_modseq = highest_modseq + 1,
           name = fits.name,
           special_use = CASE WHEN EXISTS (SELECT FROM mailboxes other
                                            WHERE other.account_id = $1::bigint AND other.removed_at IS NULL
                                              AND other.special_use = fits.special_use)
                              THEN 0 ELSE fits.special_use END
      FROM fits
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint
    RETURNING mailbox_id, mailboxes.name, fits.messages),
  usage AS (
    UPDATE account_usage
       SET messages = account_usage.messages + fits.messages, octets = account_usage.octets + fits.octets
      FROM fits
     WHERE account_id = $1::bigint),
  again AS (
    DELETE FROM recovered
     WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND EXISTS (SELECT FROM back)),
  done AS (
    SELECT name, jsonb_build_object('messages', messages, 'whole', true) AS said FROM back),
  noted AS ()sql" POSTERN_NOTE_RESTORE R"sql()
  SELECT EXISTS (SELECT FROM wanted), EXISTS (SELECT FROM fits))sql"};

constexpr Statement kRestoredMailbox{"recovery_restored_mailbox", "SELECT " POSTERN_MAILBOX_COLUMNS R"sql(
   FROM mailboxes
  WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)sql"};

constexpr Statement kDomain{"recovery_domain", "SELECT domain_id FROM domains WHERE name = $1::text"};

constexpr Statement kDeletedAccounts{"recovery_deleted_accounts", R"sql(
  SELECT account.account_id, account.address, account.deleted_at,
         account.deleted_at + make_interval(days => plan.recovery_days), usage.messages, usage.octets,
         (SELECT audit.who FROM audit
           WHERE audit.object = account.address AND audit.kind = 'account' AND audit.after ->> 'status' = 'deleted'
           ORDER BY audit.audit_id DESC LIMIT 1)
    FROM accounts account JOIN domains domain USING (domain_id) JOIN plans plan USING (plan_id)
    JOIN account_usage usage USING (account_id)
   WHERE domain.name = $1::text
     AND account.deleted_at > now() - make_interval(days => plan.recovery_days)
   ORDER BY account.deleted_at DESC, account.account_id DESC)sql"};

}  // namespace

Task<Result<std::vector<RemovedMailbox>>> PostgresRecovery::removed_mailboxes(AccountId account) {
  Params params(account);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kRemovedMailboxes, std::move(params)));
  std::vector<RemovedMailbox> mailboxes;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = rows[i];
    RemovedMailbox mailbox;
    mailbox.key = MailboxKey{account, row.get<MailboxId>(0)};
    mailbox.name = row.get<std::string>(1);
    mailbox.removed_at = row.get<WallTime>(2);
    mailbox.removal = Removal(static_cast<Door>(row.get<std::int16_t>(3)), row.get<std::string>(4));
    mailbox.kept_until = row.get<WallTime>(5);
    mailbox.messages = row.get<std::uint64_t>(6);
    mailbox.octets = row.get<std::uint64_t>(7);
    mailboxes.push_back(std::move(mailbox));
  }
  co_return mailboxes;
}

Task<Result<Mailbox>> PostgresRecovery::restore_mailbox(MailboxKey key) {
  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, Params(key.account));
  queries.emplace_back(kRestoreMailbox, Params(key.account, key.mailbox, dated(" restored")));
  queries.emplace_back(kRestoredMailbox, Params(key.account, key.mailbox));
  // In doubt it is asked for, and then found, by whoever looks at the list of mailboxes.
  auto rows = co_await database_.batch(Lane::write, std::move(queries));
  if (!rows && (rows.error().kind == ErrorKind::timed_out || rows.error().kind == ErrorKind::closed))
    co_return Error(ErrorKind::unavailable, rows.error().detail);
  if (!rows) co_return rows.error();
  const Row outcome = (*rows)[1][0];
  if (!outcome.get<bool>(0)) co_return Error(ErrorKind::not_found, "no such removed mailbox");
  if (!outcome.get<bool>(1)) co_return Error(ErrorKind::over_quota, "the account has no room for it");
  CO_TRY(Mailbox mailbox, mailbox_from_row(key.account, (*rows)[2][0]));
  doorbell_.ring(key, mailbox.status.highest_modseq);
  doorbell_.ring_account(key.account);
  co_return mailbox;
}

Task<Result<std::vector<DeletedAccount>>> PostgresRecovery::deleted_accounts(std::string domain) {
  CO_TRY(const std::string name, normal_domain(domain));
  std::vector<Query> queries;
  queries.emplace_back(kDomain, Params(name));
  queries.emplace_back(kDeletedAccounts, Params(name));
  CO_TRY(const std::vector<Rows> rows, co_await database_.batch(Lane::read, std::move(queries)));
  if (rows[0].empty()) co_return Error(ErrorKind::not_found, "no such domain");
  std::vector<DeletedAccount> accounts;
  for (std::size_t i = 0; i < rows[1].size(); ++i) {
    const Row row = rows[1][i];
    DeletedAccount account;
    account.id = row.get<AccountId>(0);
    account.address = row.get<std::string>(1);
    account.deleted_at = row.get<WallTime>(2);
    account.kept_until = row.get<WallTime>(3);
    account.messages = row.get<std::uint64_t>(4);
    account.octets = row.get<std::uint64_t>(5);
    account.by = row.get<std::optional<std::string>>(6).value_or("");
    accounts.push_back(std::move(account));
  }
  co_return accounts;
}

}  // namespace postern::postgres
