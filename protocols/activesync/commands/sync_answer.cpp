// The answer of a Sync as it goes out: item after item, each message read when it is its turn.
#include <algorithm>

#include "protocols/activesync/commands/skipped.h"
#include "protocols/activesync/commands/sync_answer.h"
#include "protocols/activesync/email_item.h"
#include "protocols/activesync/follow_up.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/message_item.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kBatch = 32;  // facts read ahead

class TurnWriter {
 public:
  TurnWriter(Conversation& conversation, const SyncTurn& turn, Reply& reply, SyncAnswer& answer)
      : conversation_(conversation), turn_(turn), reply_(reply), answer_(answer) {}

  Task<Result<void>> all() {
    CollectionHead head;
    head.collection_id = turn_.asked.collection_id;
    head.sync_key = turn_.key;
    head.status = turn_.status;
    head.more_available = turn_.more_available;
    answer_.begin_collection(head);
    for (const Uid uid : turn_.window.remove) answer_.remove(id_of(uid));
    for (const Uid uid : turn_.window.soft_remove) answer_.soft_remove(id_of(uid));
    CO_TRY_VOID(co_await write_changes());
    CO_TRY_VOID(co_await write_items(turn_.window.add, As::added));
    for (const CommandResult& result : turn_.results) answer_.respond(result);
    CO_TRY_VOID(co_await write_items(turn_.fetches, As::fetched));
    answer_.end_collection();
    CO_TRY_VOID(co_await forget_untold());
    conversation_.items += static_cast<std::uint32_t>(turn_.window.size());
    co_return co_await reply_.flush();
  }

 private:
  enum class As : std::uint8_t { added, changed, fetched };

  std::string id_of(Uid uid) const {
    return server_id({turn_.mail->mailbox.mailbox, told_uid(turn_.renamed, uid)});
  }
  bool in_drafts() const { return turn_.mail->use == SpecialUse::drafts; }

  Task<Result<void>> write_changes() {
    // Of a draft that the device has changed, what changes later may be anything.
    std::vector<Uid> marked, drafts;
    UidSet uids;
    for (const Uid uid : turn_.window.change) {
      const bool is_draft = told_uid(turn_.renamed, uid) != uid;
      (is_draft ? drafts : marked).push_back(uid);
      if (!is_draft) uids.add(uid);
    }
    CO_TRY(const FollowUps follow_ups,
           co_await FollowUps::load(messages(), turn_.mail->mailbox, std::move(uids)));
    for (const Uid uid : marked) write_marks(uid, follow_ups);
    co_return co_await write_items(std::move(drafts), As::changed);
  }

  void write_marks(Uid uid, const FollowUps& follow_ups) {
    const MessageState* state = turn_.now->find(uid);
    if (state == nullptr) return;
    EmailSource source;
    source.flags = turn_.now->flags(*state);
    source.follow_up = follow_ups.of(uid);
    answer_.change(id_of(uid), email_marks(source));
  }

  // In the order given, whole.
  Task<Result<void>> write_items(std::vector<Uid> uids, As as) {
    for (std::size_t at = 0; at < uids.size(); at += kBatch) {
      const std::size_t end = std::min(uids.size(), at + kBatch);
      UidSet batch;
      for (std::size_t i = at; i < end; ++i) batch.add(uids[i]);
      CO_TRY(const std::vector<MessageFacts> facts,
             co_await messages().facts(turn_.mail->mailbox, batch, FetchDepth::structure));
      CO_TRY(const FollowUps follow_ups,
             co_await FollowUps::load(messages(), turn_.mail->mailbox, std::move(batch)));
      messages().read_ahead(turn_.mail->mailbox.account, facts);
      for (std::size_t i = at; i < end; ++i) {
        const auto found = std::find_if(facts.begin(), facts.end(),
                                        [uid = uids[i]](const MessageFacts& one) { return one.uid == uid; });
        const MessageState* state = turn_.now->find(uids[i]);
        const bool is_there = found != facts.end() && state != nullptr;
        if (is_there) {
          const Uid told = told_uid(turn_.renamed, uids[i]);
          StoredItem item{turn_.mail->mailbox,    *found, turn_.now->flags(*state), in_drafts(),
                          follow_ups.of(uids[i]), told};
          CO_TRY_VOID(co_await write_item(std::move(item), as));
        } else if (as == As::fetched) {
          answer_.respond(FetchResult{id_of(uids[i]), SyncStatus::not_found, std::nullopt});
        } else if (as == As::added) {
          untold_.add(uids[i]);
        }
        CO_TRY_VOID(co_await reply_.flush());
      }
    }
    co_return Result<void>();
  }

  // A message that cannot be shown is left out alone: it must not stop its folder.
  Task<Result<void>> write_item(StoredItem item, As as) {
    const Uid uid = item.facts.uid;
    auto properties = co_await render_item(conversation_.services, std::move(item), turn_.body);
    if (!properties) {
      const ItemId id{turn_.mail->mailbox.mailbox, uid};
      CO_TRY_VOID(pass_over(conversation_, id, properties.error()));
      if (as == As::added) untold_.add(uid);
      if (as == As::fetched) answer_.respond(FetchResult{id_of(uid), SyncStatus::server_error, std::nullopt});
      co_return Result<void>();
    }
    switch (as) {
      case As::fetched:
        answer_.respond(FetchResult{id_of(uid), SyncStatus::ok, std::move(*properties)});
        break;
      case As::changed: answer_.change(id_of(uid), *properties); break;
      case As::added: answer_.add(id_of(uid), *properties); break;
    }
    co_return Result<void>();
  }

  // Messages that cannot be shown, or that were removed after the ledger was stored and before it was their
  // turn: the device does not know them, and must hear neither of their marks nor of their removal.
  Task<Result<void>> forget_untold() {
    if (untold_.empty()) co_return Result<void>();
    SyncLedger ledger = turn_.next ? turn_.next->next : *turn_.ledger;
    CO_TRY(CollectionState state, decode_collection_state(ledger.current.options));
    state.known = minus(state.known, untold_);
    ledger.current.options = encode(state);
    const std::uint32_t key = ledger.current.key;
    std::vector<LedgerChange> changes;
    changes.emplace_back(turn_.id, key, std::move(ledger));
    CO_TRY_VOID(
        co_await conversation_.store().devices().advance(conversation_.device.key, std::move(changes)));
    co_return Result<void>();
  }

  MessageStore& messages() { return conversation_.store().messages(); }

  Conversation& conversation_;
  const SyncTurn& turn_;
  Reply& reply_;
  SyncAnswer& answer_;
  UidSet untold_;
};

}  // namespace

Task<Result<void>> write_sync(Conversation& conversation, std::vector<SyncTurn> turns) {
  conversation.told_status = Status(SyncStatus::ok).code;
  const bool silent =
      std::none_of(turns.begin(), turns.end(), [](const SyncTurn& one) { return one.speaks(); });
  if (silent) co_return co_await answer_whole(conversation.exchange, std::string());
  Reply reply(conversation.exchange);
  SyncAnswer answer(reply.buffer(), conversation.request.version);
  for (const SyncTurn& turn : turns) {
    if (!turn.speaks()) continue;
    if (turn.status != Status(SyncStatus::ok)) conversation.told_status = turn.status.code;
    TurnWriter writer(conversation, turn, reply, answer);
    CO_TRY_VOID(co_await writer.all());
  }
  answer.finish();
  co_return co_await reply.finish();
}

}  // namespace postern::activesync
