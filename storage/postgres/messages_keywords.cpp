#include "storage/postgres/messages_keywords.h"

#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kLockMailboxForKeywords{"lock_mailbox_for_keywords", R"sql(
  SELECT FROM mailboxes
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL
     FOR UPDATE)sql"};

// Numbers go up without gaps, so the count is the next one; the CHECK on number is the bound.
constexpr Statement kAllocateKeywords{"allocate_keywords", R"sql(
  INSERT INTO mailbox_keywords (account_id, mailbox_id, number, name)
  SELECT $1::bigint, $2::bigint,
         (SELECT count(*) FROM mailbox_keywords WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)
           + row_number() OVER (ORDER BY fresh.position) - 1,
         fresh.name
    FROM unnest($3::text[]) WITH ORDINALITY AS fresh(name, position)
   WHERE EXISTS (SELECT FROM mailboxes
                  WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND removed_at IS NULL)
     AND NOT EXISTS (SELECT FROM mailbox_keywords known
                      WHERE known.account_id = $1::bigint AND known.mailbox_id = $2::bigint
                        AND lower(known.name COLLATE "C") = lower(fresh.name COLLATE "C")))sql"};

constexpr Statement kReadKeywords{"read_keywords", R"sql(
  SELECT number, name FROM mailbox_keywords
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)sql"};

}  // namespace

Task<Result<std::vector<NumberedKeyword>>> allocate_keywords(Database& database, MailboxKey key,
                                                             std::vector<std::string> names) {
  Params box(key.account, key.mailbox);
  Params fresh(key.account, key.mailbox, names);
  std::vector<Query> queries;
  queries.emplace_back(kLockMailboxForKeywords, box);
  queries.emplace_back(kAllocateKeywords, std::move(fresh));
  queries.emplace_back(kReadKeywords, std::move(box));
  auto results = co_await batch_repeatable(database, Lane::write, std::move(queries));
  if (!results && results.error().kind == ErrorKind::invalid) {
    co_return Error(ErrorKind::too_large, "too many keywords");
  }
  if (!results) co_return std::move(results).error();
  const std::vector<Rows>& rows = *results;
  if (rows[0].empty()) co_return Error(ErrorKind::not_found, "no such mailbox");
  std::vector<NumberedKeyword> keywords;
  keywords.reserve(rows[2].size());
  for (std::size_t i = 0; i < rows[2].size(); ++i) {
    const auto number = static_cast<KeywordTable::Number>(rows[2][i].get<std::int16_t>(0));
    keywords.push_back(NumberedKeyword{number, rows[2][i].get<std::string>(1)});
  }
  co_return keywords;
}

}  // namespace postern::postgres
