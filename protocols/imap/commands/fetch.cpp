// FETCH and UID FETCH (RFC 3501 §6.4.5, RFC 7162 §3.1.4, §3.2.6, RFC 9394 §3.4). Flags, UIDs and
// mod-sequences are answered from memory; for the rest the store is asked in batches, and octets are streamed
// message by message.
#include "gateway/async/together.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/fetch_message.h"
#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/message_limit.h"
#include "protocols/imap/vanished.h"
#include "storage/read_ahead.h"

namespace postern::imap {

namespace {

constexpr std::size_t kStatesPerSlice = 1024;
// \Seen is set batch by batch, not much ahead of the octets.
constexpr std::size_t kMarkedMessagesPerBatch = 32;

Uid after(Uid uid) {
  return uid == kUidMax ? uid : Uid(raw(uid) + 1);
}

class Fetching {
 public:
  Fetching(Selected& selected, const Fetch& command)
      : selected_(selected),
        session_(selected.user.session),
        plan_(command, selected.user.uid_only),
        changed_since_(command.changed_since),
        texts_(selected.view),
        slice_max_(!plan_.facts       ? kStatesPerSlice
                   : plan_.marks_seen ? kMarkedMessagesPerBatch
                                      : MessageStore::kFactsMax) {}

  Task<Result<void>> run(UidSet uids) {
    Uid from{1};
    while (true) {
      std::vector<MessageState> slice = selected_.view.take(uids, from, slice_max_);
      if (slice.empty()) co_return Result<void>();
      const Uid last = slice.back().uid;
      if (changed_since_) {
        std::erase_if(slice, [this](const MessageState& state) { return state.modseq <= *changed_since_; });
      }
      if (plan_.facts) {
        CO_TRY_VOID(co_await print_batch(slice));
      } else {
        for (const MessageState& state : slice) print_state(selected_, plan_, state, texts_);
      }
      CO_TRY_VOID(co_await session_.flush_if_full());
      if (last == kUidMax) co_return Result<void>();
      from = after(last);
    }
  }

  bool shows_modseq() const { return plan_.modseq; }
  bool some_gone() const { return some_gone_; }
  bool some_undecodable() const { return some_undecodable_; }

 private:
  Task<Result<void>> print_batch(const std::vector<MessageState>& slice) {
    if (slice.empty()) co_return Result<void>();
    UidSet uids;
    for (const MessageState& state : slice) uids.add(state.uid);
    auto marking = mark_seen(slice);
    auto finding = session_.messages().facts(selected_.mailbox.key, std::move(uids), plan_.depth);
    auto answers = co_await together(session_.services.loop, std::move(marking), std::move(finding));
    CO_TRY(const FlagsStored seen, std::move(answers.first));
    CO_TRY(const std::vector<MessageFacts> facts, std::move(answers.second));
    ReadAhead read_ahead(session_.messages(), selected_.mailbox.key.account, facts);
    auto next = facts.begin();
    for (const MessageState& state : slice) {
      while (next != facts.end() && next->uid < state.uid) ++next;
      if (next == facts.end() || next->uid != state.uid) {
        some_gone_ = true;
        continue;
      }
      if (plan_.octets) read_ahead.at(static_cast<std::size_t>(next - facts.begin()));
      FetchedMessage message;
      message.state = state;
      message.facts = &*next;
      if (seen.changed.contains(state.uid)) {
        message.state.flags |= static_cast<std::uint8_t>(SystemFlag::seen);
        message.state.modseq = seen.modseq;
        message.tell_flags = true;
        message.tell_modseq = selected_.user.condstore;
      }
      CO_TRY(const Fetched fetched, co_await print_message(selected_, plan_, message, texts_));
      some_gone_ = some_gone_ || fetched == Fetched::gone;
      some_undecodable_ = some_undecodable_ || fetched == Fetched::undecodable;
    }
    co_return Result<void>();
  }

  // Before the octets are sent, so that the FLAGS beside them are true.
  Task<Result<FlagsStored>> mark_seen(const std::vector<MessageState>& slice) {
    UidSet unseen;
    for (const MessageState& state : slice) {
      if (!state.has(SystemFlag::seen)) unseen.add(state.uid);
    }
    FlagsStored stored;
    if (!plan_.marks_seen || selected_.read_only || unseen.empty()) co_return stored;
    FlagChange change;
    change.mode = FlagChangeMode::add;
    change.flags.set(SystemFlag::seen);
    CO_TRY(stored, co_await session_.messages().store_flags(selected_.mailbox.key, std::move(unseen), change,
                                                            std::nullopt));
    selected_.view.changed_here(stored.changed, std::move(change), stored.modseq);
    session_.look_for_news(stored.modseq);
    co_return stored;
  }

  Selected& selected_;
  Session& session_;
  const FetchPlan plan_;
  const std::optional<ModSeq> changed_since_;
  FlagTexts texts_;
  const std::size_t slice_max_;
  bool some_gone_ = false;
  bool some_undecodable_ = false;
};

}  // namespace

Task<Result<void>> fetch_messages(Selected& selected, const Fetch& fetch, UidSet uids) {
  Fetching fetching(selected, fetch);
  co_return co_await fetching.run(std::move(uids));
}

Task<Answer> run(Selected& selected, const Fetch& command) {
  if (command.vanished && !selected.user.qresync) co_return bad("Enable QRESYNC first");
  CO_TRY(MailboxView::Named named, selected.named(command.set, command.uid));
  if (command.partial) named.uids = selected.view.part_of(named.uids, *command.partial);
  Fetching fetching(selected, command);
  if (fetching.shows_modseq() || command.changed_since) enable_condstore(selected.user);
  if (command.vanished) {
    const UidSet asked = command.set.saved ? named.uids : resolve_uids(command.set, kUidMax);
    CO_TRY_VOID(co_await tell_vanished_since(selected, asked, *command.changed_since));
  }
  const std::uint32_t messages_max = selected.user.session.settings.imap.command_messages_max;
  WithinLimit part = within_limit(selected.view, std::move(named.uids), messages_max);
  CO_TRY_VOID(co_await fetching.run(std::move(part.uids)));
  if (fetching.some_undecodable()) co_return no("UNKNOWN-CTE", "Nobody knows how this is encoded");
  // The client counts messages that another session has removed (RFC 2180 §4.1.2).
  if (!command.uid && (named.ghosts || fetching.some_gone())) {
    selected.user.session.look_for_news();
    co_return no("EXPUNGEISSUED", "Some of these messages are gone");
  }
  if (part.lowest)
    co_return ok(ResponseCode::message_limit(messages_max, part.lowest), "The newest are told");
  co_return ok("Fetched");
}

}  // namespace postern::imap
