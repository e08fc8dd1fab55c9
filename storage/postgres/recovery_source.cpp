#include "storage/postgres/recovery_source.h"

#include <algorithm>

#include "storage/postgres/page_codec.h"
#include "storage/postgres/recovery_rows.h"
#include "storage/postgres/uid_ranges.h"

namespace postern::postgres {

namespace {

constexpr Statement kSourceMailbox{"recovery_source_mailbox", POSTERN_WITH_KEPT R"sql(
  SELECT mailbox.name, mailbox.removed_at IS NOT NULL, coalesce(mailbox.removed_at > kept.since, false)
    FROM kept CROSS JOIN mailboxes mailbox
   WHERE mailbox.account_id = $1::bigint AND mailbox.mailbox_id = $2::bigint)sql"};

constexpr Statement kSourceRemovals{"recovery_source_removals", POSTERN_WITH_KEPT R"sql(
  SELECT expunged.modseq, expunged.uids, coalesce(expunged.states, '')
    FROM kept CROSS JOIN expunged
   WHERE expunged.account_id = $1::bigint AND expunged.mailbox_id = $2::bigint
     AND expunged.modseq = ANY ($3::bigint[]) AND )sql" POSTERN_EXPUNGED_IS_KEPT};

constexpr Statement kSourcePages{"recovery_source_pages", R"sql(
  SELECT data FROM message_pages
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND page = ANY ($3::bigint[]))sql"};

constexpr Statement kSourceMessages{"recovery_source_messages", R"sql(
  SELECT message.uid,
         EXISTS (SELECT FROM recovered
                  WHERE recovered.account_id = $1::bigint AND recovered.mailbox_id = $2::bigint
                    AND recovered.uid = message.uid)
    FROM messages message
   WHERE message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
     AND message.uid = ANY ($3::bigint[]))sql"};

constexpr Statement kSourceKeywords{"recovery_source_keywords", R"sql(
  SELECT number, name FROM mailbox_keywords
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint)sql"};

}  // namespace

std::vector<std::string> RemovedMessages::keywords_of(const MessageState& state) const {
  std::vector<std::string> names;
  for (const auto number : keywords.set(state.keyword_set())) {
    if (number < keywords.names().size()) names.push_back(keywords.names()[number]);
  }
  return names;
}

Task<Result<RemovedMessages>> read_removed(Database& database, MailboxKey mailbox,
                                           std::vector<RecoverableKey> keys) {
  std::vector<std::int64_t> removals, pages, uids;
  for (const RecoverableKey& key : keys) {
    uids.push_back(raw(key.uid));
    if (raw(key.removal) == 0) pages.push_back(raw(key.uid) >> kPageBits);
    removals.push_back(static_cast<std::int64_t>(raw(key.removal)));
  }
  const auto [account, number] = mailbox;
  std::vector<Query> queries;
  queries.emplace_back(kSourceMailbox, Params(account, number));
  queries.emplace_back(kSourceRemovals, Params(account, number, removals));
  queries.emplace_back(kSourcePages, Params(account, number, pages));
  queries.emplace_back(kSourceMessages, Params(account, number, uids));
  queries.emplace_back(kSourceKeywords, Params(account, number));
  CO_TRY(const std::vector<Rows> rows, co_await database.batch(Lane::read, std::move(queries)));

  RemovedMessages source;
  source.mailbox = mailbox;
  if (rows[0].empty()) {
    source.outcome.gone = keys.size();
    co_return source;
  }
  source.name = rows[0][0].get<std::string>(0);
  source.removed = rows[0][0].get<bool>(1);
  for (std::size_t i = 0; i < rows[4].size(); ++i) {
    const auto keyword = static_cast<KeywordTable::Number>(rows[4][i].get<std::int16_t>(0));
    source.keywords.learn(keyword, rows[4][i].get<std::string>(1));
  }
  // What left by which removal, and how it was; without states, as nodes of an earlier release write them, a
  // message has no flags.
  std::map<RecoverableKey, MessageState> left;
  const auto learn = [&left, number = number](ModSeq removal, const MessageState& state) {
    left[RecoverableKey{number, removal, state.uid}] = state;
  };
  for (std::size_t i = 0; i < rows[1].size(); ++i) {
    const auto removal = rows[1][i].get<ModSeq>(0);
    std::vector<UidRange> ranges;
    CO_TRY_VOID(read_uid_ranges(rows[1][i].get<std::string_view>(1), ranges));
    for (const RecoverableKey& key : keys) {
      const auto holds = [&key](const UidRange& range) {
        return range.first <= key.uid && key.uid <= range.last;
      };
      if (key.removal == removal && std::any_of(ranges.begin(), ranges.end(), holds))
        learn(removal, MessageState{ModSeq{}, key.uid, 0});
    }
    CO_TRY(const auto states, decode_page(rows[1][i].get<std::string_view>(2), source.keywords));
    for (const MessageState& state : states) learn(removal, state);
  }
  const bool went_with_mailbox = rows[0][0].get<bool>(2);
  for (std::size_t i = 0; went_with_mailbox && i < rows[2].size(); ++i) {
    CO_TRY(const auto states, decode_page(rows[2][i].get<std::string_view>(0), source.keywords));
    for (const MessageState& state : states) learn(ModSeq{}, state);
  }
  std::map<Uid, bool> restored_before;
  for (std::size_t i = 0; i < rows[3].size(); ++i) {
    restored_before[rows[3][i].get<Uid>(0)] = rows[3][i].get<bool>(1);
  }
  for (const RecoverableKey& key : keys) {
    const auto message = restored_before.find(key.uid);
    const auto state = left.find(key);
    if (message == restored_before.end() || state == left.end()) {
      ++source.outcome.gone;
    } else if (message->second) {
      ++source.outcome.duplicates;
    } else {
      source.messages.emplace(key.uid, state->second);
    }
  }
  co_return source;
}

}  // namespace postern::postgres
