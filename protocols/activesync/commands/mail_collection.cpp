#include "protocols/activesync/commands/mail_collection.h"

#include <algorithm>
#include <array>

namespace postern::activesync {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;

SearchCriteria since_day(std::int64_t day) {
  SearchCriteria criteria;
  criteria.kind = SearchKind::internal_since;
  criteria.day = sys_days(days(day));
  return criteria;
}

// Those of `uids` that came on `first_day` or later.
Task<Result<UidSet>> inside_window(Conversation& conversation, MailboxKey mailbox, UidSet uids,
                                   std::int64_t first_day) {
  UidSet inside;
  const std::vector<Uid> all = uids.to_vector();
  for (std::size_t at = 0; at < all.size(); at += MessageStore::kFactsMax) {
    UidSet batch;
    const std::size_t end = std::min(all.size(), at + MessageStore::kFactsMax);
    for (std::size_t i = at; i < end; ++i) batch.add(all[i]);
    CO_TRY(const std::vector<MessageFacts> facts,
           co_await conversation.store().messages().facts(mailbox, std::move(batch), FetchDepth::facts));
    for (const MessageFacts& one : facts) {
      if (floor<days>(one.internal_date) >= sys_days(days(first_day))) inside.add(one.uid);
    }
  }
  co_return inside;
}

// Of the mailbox's real messages.
UidSet arrived_since(const MailboxSnapshot& now, Uid uid_next) {
  UidSet arrived;
  now.each(UidSet::of(uid_next, kUidMax),
           [&arrived](std::size_t, const MessageState& state) { arrived.add(state.uid); });
  return arrived;
}

UidSet changed_since(const MailboxSnapshot& now, ModSeq since, const std::vector<ModSeq>& own) {
  UidSet changed;
  now.each([&](std::size_t, const MessageState& state) {
    if (state.modseq <= since) return;
    if (std::find(own.begin(), own.end(), state.modseq) == own.end()) changed.add(state.uid);
  });
  return changed;
}

}  // namespace

std::int64_t first_day_of(std::uint32_t filter_type, WallTime now) {
  constexpr std::array<std::int64_t, kMailFilterMax + 1> kDaysBack{0, 1, 3, 7, 14, 31};
  if (filter_type == 0 || filter_type > kMailFilterMax) return 0;
  return floor<days>(now).time_since_epoch().count() - kDaysBack[filter_type];
}

Task<Result<void>> catch_up(Conversation& conversation, SnapshotPtr now, ModSeq since, OwnChanges own,
                            CollectionState& state) {
  MessageStore& messages = conversation.store().messages();
  const std::int64_t first_day = first_day_of(state.options.filter_type, conversation.services.clock.now());
  const bool moved = first_day != state.first_day;
  note_removed_by_device(state, own.removed);
  if (now->modseq() == since && !moved) co_return Result<void>();

  if (since != ModSeq{0} && now->modseq() > since) {
    CO_TRY(const UidSet vanished, co_await messages.vanished_since(now->key(), since));
    note_vanished(state, minus(vanished, own.removed), *now);
    note_changed(state, changed_since(*now, since, own.modseqs));
  }
  const Uid uid_next = now->status().uid_next;
  if (moved) {
    UidSet inside;
    if (uid_next > Uid{1}) inside = UidSet::of(Uid{1}, Uid{raw(uid_next) - 1});
    if (first_day != 0) {
      SearchCriteria criteria = since_day(first_day);
      auto cancelled = [&exchange = conversation.exchange] { return exchange.gone(); };
      CO_TRY(const UidSet found,
             co_await messages.search(now->key(), std::move(criteria), std::move(cancelled)));
      inside = inside.intersect(found);  // what has come meanwhile is next time's affair
    }
    note_filtered(state, inside, *now);
  } else if (uid_next > state.uid_next) {
    UidSet arrived = UidSet::of(state.uid_next, Uid{raw(uid_next) - 1});
    if (first_day != 0) {
      arrived = arrived_since(*now, state.uid_next);
      CO_TRY(arrived, co_await inside_window(conversation, now->key(), std::move(arrived), first_day));
    }
    note_arrived(state, arrived);
  }
  state.first_day = first_day;
  state.uid_next = uid_next;
  co_return Result<void>();
}

Task<Result<bool>> has_news(Conversation& conversation, const SyncGeneration& generation,
                            MailboxKey mailbox) {
  CO_TRY(SnapshotPtr now, co_await conversation.store().messages().snapshot(mailbox));
  CO_TRY(CollectionState state, decode_collection_state(generation.options));
  OwnChanges none;
  CO_TRY_VOID(co_await catch_up(conversation, now, generation.modseq, std::move(none), state));
  co_return due_items(state, *now) > 0;
}

}  // namespace postern::activesync
