// Follow-ups: written beside the octets, then the messages get a new mod-sequence.
#include <algorithm>

#include "storage/postgres/messages.h"
#include "storage/postgres/messages_state.h"
#include "storage/postgres/repeatable.h"

namespace postern::postgres {

namespace {

constexpr Statement kFind{"find_follow_ups", R"sql(
 SELECT message.uid, follow_up.details
   FROM messages message
   JOIN follow_ups follow_up USING (account_id, blob_id)
  WHERE message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
    AND message.uid = ANY ($3::bigint[]))sql"};

constexpr Statement kDetach{"detach_follow_ups", R"sql(
 DELETE FROM follow_ups
  USING messages message
  WHERE message.account_id = $1::bigint AND message.mailbox_id = $2::bigint
    AND message.uid = ANY ($3::bigint[])
    AND follow_ups.account_id = $1::bigint AND follow_ups.blob_id = message.blob_id)sql"};

// Two of the given may be copies of one message.
constexpr Statement kAttach{"attach_follow_ups", R"sql(
 INSERT INTO follow_ups (account_id, blob_id, details)
 SELECT DISTINCT ON (message.blob_id) $1::bigint, message.blob_id, given.details
   FROM unnest($3::bigint[], $4::bytea[]) AS given (uid, details)
   JOIN messages message
     ON message.account_id = $1::bigint AND message.mailbox_id = $2::bigint AND message.uid = given.uid
  WHERE given.details <> ''
  ORDER BY message.blob_id, given.uid DESC)sql"};

StateChange touch(SnapshotPtr snapshot, const UidSet& uids) {
  StateChange change(std::move(snapshot));
  change.base->each(uids, [&change](std::size_t, const MessageState& state) {
    MailboxPage& page = change.page_of(state.uid);
    const auto at =
        std::partition_point(page.states.begin(), page.states.end(),
                             [&state](const MessageState& other) { return other.uid < state.uid; });
    at->modseq = change.modseq();
  });
  return change;
}

}  // namespace

Task<Result<std::vector<FollowUp>>> PostgresMessages::follow_ups(MailboxKey mailbox, UidSet uids) {
  if (uids.size() > kFactsMax)
    co_return Error(ErrorKind::invalid, "follow-ups of too many messages at a time");
  std::vector<std::int64_t> wanted;
  uids.each([&wanted](Uid uid) { wanted.push_back(raw(uid)); });
  Params params(mailbox.account, mailbox.mailbox, wanted);
  CO_TRY(const Rows rows, co_await database_.query(Lane::read, kFind, std::move(params)));
  std::vector<FollowUp> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.push_back({rows[i].get<Uid>(0), rows[i].get<std::string>(1)});
  }
  co_return found;
}

Task<Result<ModSeq>> PostgresMessages::attach_follow_ups(MailboxKey mailbox,
                                                         std::vector<FollowUp> follow_ups) {
  std::vector<std::int64_t> numbers;
  std::vector<Bytes> details;
  UidSet uids;
  for (const FollowUp& one : follow_ups) {
    if (one.details.size() > kFollowUpOctetsMax) co_return Error(ErrorKind::too_large, "follow-up");
    numbers.push_back(raw(one.uid));
    details.emplace_back(one.details);
    uids.add(one.uid);
  }
  std::vector<Query> queries;
  queries.emplace_back(kDetach, Params(mailbox.account, mailbox.mailbox, numbers));
  queries.emplace_back(kAttach, Params(mailbox.account, mailbox.mailbox, numbers, details));
  CO_TRY_VOID(co_await batch_repeatable(database_, Lane::write, std::move(queries)));
  StateWriter writer(database_, index_, doorbell_, mailbox);
  for (;;) {
    CO_TRY(SnapshotPtr snapshot, co_await writer.begin_round());
    StateChange change = touch(std::move(snapshot), uids);
    if (change.empty() && writer.unverified()) continue;
    const ModSeq modseq = change.empty() ? change.base->modseq() : change.modseq();
    if (change.empty()) co_return modseq;
    CO_TRY(const bool written, co_await writer.write(std::move(change)));
    if (written) co_return modseq;
  }
}

}  // namespace postern::postgres
