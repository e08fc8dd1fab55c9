#include "protocols/activesync/commands/sync_turn.h"

#include <algorithm>

#include "protocols/activesync/first_key.h"

namespace postern::activesync {

namespace {

using Current = CurrentSync<SyncGeneration>;
using Repeated = RepeatedSync<SyncGeneration>;

void begin(SyncTurn& turn) {
  CollectionState state;
  state.options = turn.asked.options.value_or(SyncOptions());
  SyncGeneration generation;
  generation.key = first_sync_key();
  generation.options = encode(state);
  turn.key = sync_key_text(generation.key);
  std::optional<std::uint32_t> expected;
  if (turn.ledger) expected = turn.ledger->current.key;
  turn.next.emplace(turn.id, expected, SyncLedger(std::move(generation)));
}

// What is no mail is empty, and what clients would put there is refused item by item.
std::vector<CommandResult> refuse_all(const std::vector<ClientCommand>& commands) {
  std::vector<CommandResult> results;
  for (const ClientCommand& command : commands) {
    if (const auto* add = std::get_if<ClientAdd>(&command)) {
      results.push_back(AddResult{add->client_id, {}, SyncStatus::malformed_item, {}, std::nullopt});
    } else if (const auto* change = std::get_if<ClientChange>(&command)) {
      results.push_back(ChangeResult{change->server_id, SyncStatus::not_found, std::nullopt});
    } else if (const auto* remove = std::get_if<ClientDelete>(&command)) {
      results.push_back(DeleteResult{remove->server_id, SyncStatus::not_found});
    } else {
      results.push_back(
          FetchResult{std::get<ClientFetch>(command).server_id, SyncStatus::not_found, std::nullopt});
    }
  }
  return results;
}

// A new generation if the client is to hear of it, else the same one with what is to be kept.
void keep(SyncTurn& turn, SyncGeneration generation, bool is_told) {
  const SyncGeneration& from = turn.ledger->current;
  if (is_told) {
    generation.key = next_sync_key(from.key);
    turn.key = sync_key_text(generation.key);
    turn.next.emplace(turn.id, from.key, advanced(from, std::move(generation)));
    return;
  }
  if (generation.options == from.options) return;
  generation.key = from.key;
  generation.told = from.told;
  generation.added = from.added;
  SyncLedger ledger = *turn.ledger;
  ledger.current = std::move(generation);
  turn.next.emplace(turn.id, from.key, std::move(ledger));
}

// What was read beside the ledger may be older than what the device was told by another request meanwhile.
Task<Result<void>> see_mailbox(Conversation& conversation, SyncTurn& turn, ModSeq told) {
  if (turn.now && turn.now->modseq() >= told) co_return Result<void>();
  CO_TRY(turn.now, co_await conversation.store().messages().snapshot(turn.mail->mailbox));
  co_return Result<void>();
}

Task<Result<void>> go_on_with_mail(Conversation& conversation, SyncTurn& turn, std::size_t& room) {
  MessageStore& messages = conversation.store().messages();
  const SyncGeneration& from = turn.ledger->current;
  CO_TRY(CollectionState state, decode_collection_state(from.options));
  if (turn.asked.options) state.options = *turn.asked.options;
  turn.body = state.options.body;
  CO_TRY_VOID(co_await see_mailbox(conversation, turn, from.modseq));

  AppliedCommands applied;
  const bool has_commands = !turn.asked.commands.empty();
  if (has_commands) {
    KnownMailbox known{from.modseq, state.uid_next, turn.now};
    CO_TRY(applied, co_await apply_commands(conversation, *turn.mail, turn.asked, state, std::move(known)));
    CO_TRY(turn.now, co_await messages.snapshot(turn.mail->mailbox));
  }
  CO_TRY_VOID(co_await catch_up(conversation, turn.now, from.modseq, std::move(applied.own), state));
  if (turn.asked.get_changes) {
    const std::size_t items_max = std::min<std::size_t>(turn.asked.window_size, room);
    turn.window = take_window(state, *turn.now, items_max);
    room -= turn.window.size();
    turn.more_available = due_items(state, *turn.now) > 0;
  }
  state.commands_digest = digest_of(turn.asked.commands);
  state.refused = std::move(applied.refused);
  forget_renamed(state, *turn.now, turn.window);
  turn.renamed = state.renamed;
  turn.results = std::move(applied.results);
  turn.fetches = std::move(applied.fetches);

  const bool is_told = has_commands || !turn.window.empty() || turn.more_available;
  SyncGeneration generation;
  generation.modseq = turn.now->modseq();
  generation.told = turn.window.uids();
  generation.added = std::move(applied.added);
  if (!is_told) state.commands_digest.clear();
  generation.options = encode(state);
  keep(turn, std::move(generation), is_told);
  co_return Result<void>();
}

// The same generation, which has heard of more: `state` is true as of now.
void amend(SyncTurn& turn, const CollectionState& state, const AppliedCommands& applied) {
  SyncLedger ledger = *turn.ledger;
  for (const auto& one : applied.added) {
    std::erase_if(ledger.current.added, [&one](const auto& other) { return other.first == one.first; });
    ledger.current.added.push_back(one);
  }
  ledger.current.modseq = turn.now->modseq();
  ledger.current.options = encode(state);
  turn.next.emplace(turn.id, ledger.current.key, std::move(ledger));
}

// The answer that was lost, as far as it is still true, under the key that it had. Commands that are not the
// same as then are new: marks and deletions do no harm if they were applied before, and drafts are found
// again.
Task<Result<void>> repeat_with_mail(Conversation& conversation, SyncTurn& turn, const Repeated& repeated) {
  CO_TRY(const CollectionState from, decode_collection_state(repeated.from->options));
  CO_TRY(CollectionState answered, decode_collection_state(repeated.answered->options));
  CO_TRY_VOID(co_await see_mailbox(conversation, turn, repeated.answered->modseq));
  turn.body = answered.options.body;
  AppliedCommands applied;
  const bool is_other = digest_of(turn.asked.commands) != answered.commands_digest;
  if (!is_other) {
    CO_TRY(applied,
           co_await repeat_commands(conversation, *turn.mail, turn.asked, *repeated.answered, answered));
  } else {
    KnownMailbox known{repeated.answered->modseq, from.uid_next, turn.now};
    CO_TRY(applied,
           co_await apply_commands(conversation, *turn.mail, turn.asked, answered, std::move(known)));
    CO_TRY(turn.now, co_await conversation.store().messages().snapshot(turn.mail->mailbox));
  }
  turn.window = repeated_window(from, answered, repeated.answered->told, *turn.now);
  if (is_other) {
    CO_TRY_VOID(co_await catch_up(conversation, turn.now, repeated.answered->modseq, std::move(applied.own),
                                  answered));
    amend(turn, answered, applied);
  }
  turn.renamed = answered.renamed;
  turn.results = std::move(applied.results);
  turn.fetches = std::move(applied.fetches);
  turn.more_available = due_items(answered, *turn.now) > 0;
  turn.key = sync_key_text(repeated.answered->key);
  co_return Result<void>();
}

}  // namespace

void SyncTurn::fail(SyncStatus why) {
  status = why;
  key.clear();
  results.clear();
  fetches.clear();
  window = SyncWindow();
  more_available = false;
  next.reset();
}

Task<Result<void>> take_turn(Conversation& conversation, SyncTurn& turn, std::size_t& room) {
  const bool bad_filter = turn.mail && turn.asked.options && turn.asked.options->filter_type > kMailFilterMax;
  if (turn.asked.refused || bad_filter) {
    turn.fail(SyncStatus::protocol_error);
    if (turn.asked.refused) turn.status = *turn.asked.refused;
    co_return Result<void>();
  }
  const auto outcome = sync_outcome(turn.ledger ? &*turn.ledger : nullptr, turn.asked.sync_key);
  if (std::holds_alternative<UnknownSyncKey>(outcome)) {
    turn.fail(SyncStatus::invalid_sync_key);
    co_return Result<void>();
  }
  if (std::holds_alternative<InitialSync>(outcome)) {
    begin(turn);
    co_return Result<void>();
  }
  const auto* repeated = std::get_if<Repeated>(&outcome);
  if (!turn.mail) {
    turn.results = refuse_all(turn.asked.commands);
    if (repeated != nullptr) {
      turn.key = sync_key_text(repeated->answered->key);
    } else {
      keep(turn, turn.ledger->current, !turn.asked.commands.empty());
    }
    co_return Result<void>();
  }
  if (repeated != nullptr) co_return co_await repeat_with_mail(conversation, turn, *repeated);
  co_return co_await go_on_with_mail(conversation, turn, room);
}

}  // namespace postern::activesync
