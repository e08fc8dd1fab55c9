#include "storage/postgres/conversations.h"

#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kFile{"file_conversation", R"sql(
 WITH target AS (
   SELECT account_id, mailbox_id, name = 'INBOX' AS is_inbox
     FROM mailboxes
    WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL),
 forgotten AS (
   DELETE FROM filed_conversations filed USING target
    WHERE filed.account_id = target.account_id AND conversation = $3::bytea AND is_inbox),
 filed AS (
   INSERT INTO filed_conversations (account_id, conversation, mailbox_id)
   SELECT account_id, $3::bytea, mailbox_id FROM target WHERE NOT is_inbox
   ON CONFLICT (account_id, conversation)
   DO UPDATE SET mailbox_id = excluded.mailbox_id, filed_at = excluded.filed_at)
 SELECT count(*) FROM target)sql"};

constexpr Statement kForgetOldest{"forget_oldest_filed_conversations", R"sql(
 DELETE FROM filed_conversations
  WHERE account_id = $1::bigint
    AND conversation IN (SELECT conversation FROM filed_conversations
                          WHERE account_id = $1::bigint
                          ORDER BY filed_at DESC, conversation
                         OFFSET $2::integer))sql"};

constexpr Statement kFind{"find_filed_conversation", R"sql(
 SELECT mailbox_id
   FROM filed_conversations JOIN mailboxes USING (account_id, mailbox_id)
  WHERE account_id = $1::bigint AND conversation = $2::bytea AND removed_at IS NULL)sql"};

}  // namespace

Task<Result<void>> PostgresConversations::file_in(MailboxKey mailbox, std::string conversation) {
  std::vector<Query> queries;
  queries.emplace_back(kFile, Params(mailbox.account, mailbox.mailbox, Bytes{conversation}));
  queries.emplace_back(kForgetOldest, Params(mailbox.account, std::int32_t{kFiledMax}));
  CO_TRY(const std::vector<Rows> results,
         co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  if (results[0][0].get<std::int64_t>(0) == 0) co_return Error(ErrorKind::not_found, "no such mailbox");
  doorbell_.ring_account(mailbox.account);
  co_return Result<void>();
}

Task<Result<std::optional<MailboxId>>> PostgresConversations::filed_in(AccountId account,
                                                                       std::string conversation) {
  Params params(account, Bytes{conversation});
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  if (rows.empty()) co_return std::optional<MailboxId>();
  co_return std::optional<MailboxId>(rows[0].get<MailboxId>(0));
}

}  // namespace postern::postgres
