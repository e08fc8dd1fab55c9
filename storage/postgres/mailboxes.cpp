// Mailboxes: list, find, create, remove, subscriptions, \Recent. Renaming is in mailboxes_rename.cpp.
#include "storage/postgres/mailboxes.h"

#include <algorithm>

#include "storage/postgres/mailboxes_create.h"

namespace postern::postgres {

namespace {

constexpr Statement kList{"list_mailboxes", "SELECT " POSTERN_MAILBOX_COLUMNS R"sql(
   FROM mailboxes
  WHERE account_id = $1::bigint AND removed_at IS NULL
  ORDER BY name COLLATE "C")sql"};

constexpr Statement kFind{"find_mailbox", "SELECT " POSTERN_MAILBOX_COLUMNS R"sql(
   FROM mailboxes
  WHERE account_id = $1::bigint AND name = $2::text AND removed_at IS NULL)sql"};

constexpr Statement kStatus{"mailbox_status", "SELECT " POSTERN_STATUS_COLUMNS R"sql(
   FROM mailboxes
  WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)sql"};

// The modseq rises so that whoever has the mailbox open looks again and learns that it is gone.
constexpr Statement kRemove{"remove_mailbox", R"sql(
 WITH removed AS (
     UPDATE mailboxes
        SET removed_at = now(), removed_by = $3::smallint, remover = nullif($4::text, ''), highest_modseq = highest_modseq + 1
      WHERE account_id = $1::bigint AND name = $2::text AND removed_at IS NULL
      RETURNING mailbox_id, highest_modseq, octets, messages)
 UPDATE account_usage usage
    SET octets = usage.octets - removed.octets, messages = usage.messages - removed.messages
   FROM removed
  WHERE usage.account_id = $1::bigint
 RETURNING removed.mailbox_id, removed.highest_modseq)sql"};

constexpr Statement kSubscriptions{"subscriptions", R"sql(
 SELECT name FROM subscriptions WHERE account_id = $1::bigint ORDER BY name COLLATE "C")sql"};

constexpr Statement kSubscribe{"subscribe", R"sql(
 INSERT INTO subscriptions (account_id, name)
 SELECT $1::bigint, $2::text
  WHERE (SELECT count(*) FROM subscriptions WHERE account_id = $1::bigint) < $3::bigint
     OR EXISTS (SELECT FROM subscriptions WHERE account_id = $1::bigint AND name = $2::text)
 ON CONFLICT (account_id, name) DO UPDATE SET name = excluded.name)sql"};

constexpr Statement kUnsubscribe{"unsubscribe", R"sql(
 DELETE FROM subscriptions WHERE account_id = $1::bigint AND name = $2::text)sql"};

// The inner lock makes two sessions claim one after the other. Without mail to claim nothing is written.
constexpr Statement kClaimRecent{"claim_recent", R"sql(
 WITH claimed AS (
     UPDATE mailboxes mailbox SET first_recent = mailbox.uid_next
       FROM (SELECT account_id, mailbox_id, first_recent
               FROM mailboxes
              WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
                AND first_recent < uid_next
                FOR NO KEY UPDATE) before
      WHERE mailbox.account_id = before.account_id AND mailbox.mailbox_id = before.mailbox_id
      RETURNING before.first_recent)
 SELECT mailbox.uid_next, mailbox.first_recent < mailbox.uid_next, (SELECT first_recent FROM claimed)
   FROM mailboxes mailbox
  WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)sql"};

constexpr int kClaimAttemptsMax = 10;

// A name may be subscribed without a mailbox of that name, so the bound has room beyond the mailboxes'.
constexpr std::int64_t kSubscriptionsPerMailboxMax = 2;

// first_recent and uid_next are one beyond kUidMax once a mailbox has given out its last UID.
Uid uid_from(const Row& row, int column) {
  return Uid(static_cast<std::uint32_t>(std::min<std::int64_t>(row.get<std::int64_t>(column), raw(kUidMax))));
}

}  // namespace

PostgresMailboxes::PostgresMailboxes(Database& database, ChangeBus&, Doorbell& doorbell,
                                     const Settings& settings)
    : database_(database), doorbell_(doorbell), mailboxes_max_(settings.imap.mailboxes_max) {}

Task<Result<std::vector<Mailbox>>> PostgresMailboxes::list(AccountId account) {
  Params params(account);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kList, std::move(params)));
  std::vector<Mailbox> mailboxes;
  mailboxes.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CO_TRY(Mailbox mailbox, mailbox_from_row(account, rows[i]));
    mailboxes.push_back(std::move(mailbox));
  }
  co_return mailboxes;
}

Task<Result<Mailbox>> PostgresMailboxes::find(AccountId account, MailboxName name) {
  Params params(account, name.text());
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
  co_return mailbox_from_row(account, rows[0]);
}

Task<Result<MailboxStatus>> PostgresMailboxes::status(MailboxKey key) {
  Params params(key.account, key.mailbox);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kStatus, std::move(params)));
  if (rows.empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
  co_return status_from_row(rows[0], 0);
}

Task<Result<Mailbox>> PostgresMailboxes::create(AccountId account, MailboxName name, SpecialUse use) {
  if (name.text().empty()) co_return Error(ErrorKind::invalid, "empty mailbox name");
  const std::vector<std::string> names = names_with_parents(name);
  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, Params(account));
  queries.emplace_back(kCreateMailboxes,
                       Params(account, names, static_cast<std::int16_t>(use), mailboxes_max_, true));
  // The unique indexes answer for the name and the role: already_exists.
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[0].empty()) co_return Error(ErrorKind::not_found, "no such account");
  if (results[1].empty()) co_return Error(ErrorKind::too_large, "too many mailboxes");
  doorbell_.ring_account(account);
  co_return mailbox_from_row(account, results[1][results[1].size() - 1]);
}

Task<Result<void>> PostgresMailboxes::remove(AccountId account, MailboxName name, Removal removal) {
  if (name.is_inbox()) co_return Error(ErrorKind::denied, "INBOX stays");
  std::vector<Query> queries;
  queries.emplace_back(kLockUsage, Params(account));
  queries.emplace_back(kRemove,
                       Params(account, name.text(), static_cast<std::int16_t>(removal.door), removal.by));
  CO_TRY(std::vector<Rows> results, co_await database_.batch(Lane::write, std::move(queries)));
  if (results[1].empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
  const Row row = results[1][0];
  const MailboxKey key{account, MailboxId{row.get<std::int64_t>(0)}};
  doorbell_.ring(key, ModSeq{static_cast<std::uint64_t>(row.get<std::int64_t>(1))});
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<std::vector<MailboxName>>> PostgresMailboxes::subscriptions(AccountId account) {
  Params params(account);
  CO_TRY(Rows rows, co_await database_.query(Lane::read, kSubscriptions, std::move(params)));
  std::vector<MailboxName> names;
  names.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto name = MailboxName::parse(rows[i].get<std::string_view>(0));
    if (!name) co_return Error(ErrorKind::internal, "stored subscription: " + name.error().detail);
    names.push_back(*std::move(name));
  }
  co_return names;
}

Task<Result<void>> PostgresMailboxes::subscribe(AccountId account, MailboxName name) {
  if (name.text().empty()) co_return Error(ErrorKind::invalid, "empty mailbox name");
  Params params(account, name.text(), mailboxes_max_ * kSubscriptionsPerMailboxMax);
  CO_TRY(Rows rows, co_await database_.query(Lane::write, kSubscribe, std::move(params)));
  if (rows.affected() == 0) co_return Error(ErrorKind::too_large, "too many subscriptions");
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<void>> PostgresMailboxes::unsubscribe(AccountId account, MailboxName name) {
  Params params(account, name.text());
  CO_TRY_VOID(co_await database_.query(Lane::write, kUnsubscribe, std::move(params)));
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<RecentClaim>> PostgresMailboxes::claim_recent(MailboxKey key) {
  for (int attempt = 0; attempt < kClaimAttemptsMax; ++attempt) {
    Params params(key.account, key.mailbox);
    CO_TRY(Rows rows, co_await database_.query(Lane::write, kClaimRecent, std::move(params)));
    if (rows.empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
    const Row row = rows[0];
    const Uid end = uid_from(row, 0);
    if (!row.is_null(2)) co_return RecentClaim{uid_from(row, 2), end};
    // Another session claimed while we waited for the row, perhaps mail beyond the uid_next we saw: look
    // again.
    const bool overtaken = row.get<bool>(1);
    if (!overtaken) co_return RecentClaim{end, end};
  }
  co_return Error(ErrorKind::unavailable, "mailbox too busy to claim recent messages");
}

}  // namespace postern::postgres
