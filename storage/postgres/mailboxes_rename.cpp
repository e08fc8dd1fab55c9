// RENAME (RFC 9051 §6.3.6): a mailbox with its children, and the special case of INBOX.
#include "storage/postgres/mailboxes.h"
#include "storage/postgres/mailboxes_create.h"

namespace postern::postgres {

namespace {

constexpr Statement kTree{"mailbox_tree", R"sql(
 SELECT mailbox_id, name
   FROM mailboxes
  WHERE account_id = $1::bigint AND removed_at IS NULL
    AND (name = $2::text OR starts_with(name, $2::text || '/'))
  ORDER BY mailbox_id
    FOR NO KEY UPDATE)sql"};

constexpr Statement kTaken{"mailbox_name_taken", R"sql(
 SELECT name
   FROM mailboxes
  WHERE account_id = $1::bigint AND removed_at IS NULL AND name = ANY($2::text[])
    AND mailbox_id <> ALL($3::bigint[]))sql"};

// In two steps, because the unique index looks at each row in turn and a tree may move into its own place. No
// stored name has a control octet.
constexpr Statement kSetNamesAside{"set_mailbox_names_aside", R"sql(
 UPDATE mailboxes SET name = E'\x01' || mailbox_id::text
  WHERE account_id = $1::bigint AND mailbox_id = ANY($2::bigint[]))sql"};

constexpr Statement kSetNames{"set_mailbox_names", R"sql(
 UPDATE mailboxes SET name = moved.name
   FROM unnest($2::bigint[], $3::text[]) AS moved(mailbox_id, name)
  WHERE mailboxes.account_id = $1::bigint AND mailboxes.mailbox_id = moved.mailbox_id)sql"};

constexpr Statement kCountNames{"count_mailbox_names", R"sql(
 SELECT count(*)
   FROM mailboxes
  WHERE account_id = $1::bigint AND removed_at IS NULL AND name = ANY($2::text[]))sql"};

// INBOX keeps what was noted on it, and so does the mailbox that it was (RFC 5464 §4.1).
constexpr Statement kCopyAnnotations{"copy_annotations_of_inbox", R"sql(
 INSERT INTO annotations (account_id, mailbox_id, entry, value, revision)
 SELECT $1::bigint, inbox.mailbox_id, entry, value, revision
   FROM annotations, mailboxes inbox
  WHERE annotations.account_id = $1::bigint AND annotations.mailbox_id = $2::bigint AND value IS NOT NULL
    AND inbox.account_id = $1::bigint AND inbox.name = 'INBOX' AND inbox.removed_at IS NULL)sql"};

}  // namespace

Task<Result<void>> PostgresMailboxes::rename(AccountId account, MailboxName from, MailboxName to) {
  if (from.text().empty() || to.text().empty()) co_return Error(ErrorKind::invalid, "empty mailbox name");
  if (from == to || to.is_inbox()) co_return Error(ErrorKind::already_exists, "the name is taken");
  if (to.is_below(from) && !from.is_inbox())
    co_return Error(ErrorKind::invalid, "a mailbox cannot go below itself");
  CO_TRY(Transaction transaction, co_await database_.begin());
  Params lock(account);
  CO_TRY(Rows locked, co_await transaction.query(kLockUsage, std::move(lock)));
  if (locked.empty()) co_return Error(ErrorKind::not_found, "no such account");
  if (from.is_inbox()) {
    CO_TRY_VOID(co_await rename_inbox(transaction, account, std::move(to)));
  } else {
    CO_TRY_VOID(co_await rename_tree(transaction, account, std::move(from), std::move(to)));
  }
  CO_TRY_VOID(co_await transaction.commit());
  doorbell_.ring_account(account);
  co_return Result<void>();
}

Task<Result<void>> PostgresMailboxes::rename_tree(Transaction& transaction, AccountId account,
                                                  MailboxName from, MailboxName to) {
  Params of_tree(account, from.text());
  CO_TRY(Rows tree, co_await transaction.query(kTree, std::move(of_tree)));
  std::vector<std::int64_t> ids;
  std::vector<std::string> names;
  bool found = false;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    CO_TRY(const MailboxName name, MailboxName::parse(tree[i].get<std::string_view>(1)));
    CO_TRY(const MailboxName moved, name.rebased(from, to));
    found = found || name == from;
    ids.push_back(tree[i].get<std::int64_t>(0));
    names.push_back(moved.text());
  }
  if (!found) co_return Error(ErrorKind::not_found, "no such mailbox");
  Params of_taken(account, names, ids);
  CO_TRY(Rows taken, co_await transaction.query(kTaken, std::move(of_taken)));
  if (!taken.empty()) co_return Error(ErrorKind::already_exists, "the name is taken");
  std::vector<Query> queries;
  queries.emplace_back(kSetNamesAside, Params(account, ids));
  queries.emplace_back(kSetNames, Params(account, ids, names));
  CO_TRY_VOID(co_await transaction.batch(std::move(queries)));
  co_return co_await create_missing(transaction, account, to.ancestors());
}

// The mailbox goes away under its new name with all that is in it, so that its UIDs, its keywords and its
// expunge log stay true; what is new is INBOX, with a UIDVALIDITY that tells every client so.
Task<Result<void>> PostgresMailboxes::rename_inbox(Transaction& transaction, AccountId account,
                                                   MailboxName to) {
  Params of_inbox(account, kInboxName);
  CO_TRY(Rows tree, co_await transaction.query(kTree, std::move(of_inbox)));
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree[i].get<std::string_view>(1) == kInboxName) ids.push_back(tree[i].get<std::int64_t>(0));
  }
  if (ids.empty()) co_return Error(ErrorKind::internal, "account without INBOX");
  const std::vector<std::string> names(1, to.text());
  Params of_names(account, ids, names);
  // A taken name is refused by the unique index.
  CO_TRY_VOID(co_await transaction.query(kSetNames, std::move(of_names)));
  std::vector<MailboxName> missing = to.ancestors();
  // Below INBOX it is among the parents.
  if (!to.is_below(MailboxName::inbox())) missing.push_back(MailboxName::inbox());
  CO_TRY_VOID(co_await create_missing(transaction, account, std::move(missing)));
  Params noted(account, ids.front());
  CO_TRY_VOID(co_await transaction.query(kCopyAnnotations, std::move(noted)));
  co_return Result<void>();
}

Task<Result<void>> PostgresMailboxes::create_missing(Transaction& transaction, AccountId account,
                                                     std::vector<MailboxName> names) {
  std::vector<std::string> texts;
  for (const MailboxName& name : names) texts.push_back(name.text());
  std::vector<Query> queries;
  queries.emplace_back(kCreateMailboxes, Params(account, texts, static_cast<std::int16_t>(SpecialUse::none),
                                                mailboxes_max_, false));
  queries.emplace_back(kCountNames, Params(account, texts));
  CO_TRY(std::vector<Rows> results, co_await transaction.batch(std::move(queries)));
  const auto there = static_cast<std::size_t>(results[1][0].get<std::int64_t>(0));
  if (there != texts.size()) co_return Error(ErrorKind::too_large, "too many mailboxes");
  co_return Result<void>();
}

}  // namespace postern::postgres
