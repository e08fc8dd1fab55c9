// GetItemEstimate: how many items a Sync would bring, by the same reckoning. MS-ASCMD section 2.2.1.9.
#include <algorithm>

#include "protocols/activesync/commands/mail_collection.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/schema/get_item_estimate.h"
#include "protocols/activesync/sync_state.h"
#include "storage/devices.h"

namespace postern::activesync {

namespace {

Task<Result<Estimate>> estimate(Conversation& conversation, EstimateCollection asked) {
  Estimate result;
  result.collection_id = asked.collection_id;
  const auto id = parse_collection_id(asked.collection_id);
  if (asked.refused || !id) {
    result.status = asked.refused.value_or(EstimateStatus::invalid_collection);
    co_return result;
  }
  std::vector<CollectionId> ids = {*id};
  CO_TRY(const std::vector<CollectionLedger> found,
         co_await conversation.store().devices().ledgers(conversation.device.key, std::move(ids)));
  const SyncLedger* ledger = found.empty() ? nullptr : &found.front().ledger;
  const auto outcome = sync_outcome(ledger, asked.sync_key);
  if (std::holds_alternative<InitialSync>(outcome)) {
    result.status = EstimateStatus::not_primed;
    co_return result;
  }
  if (std::holds_alternative<UnknownSyncKey>(outcome)) {
    result.status = EstimateStatus::invalid_sync_key;
    co_return result;
  }
  if (!is_mailbox(*id)) co_return result;
  const auto* current = std::get_if<CurrentSync<SyncGeneration>>(&outcome);
  const SyncGeneration& from =
      current != nullptr ? *current->from : *std::get<RepeatedSync<SyncGeneration>>(outcome).from;
  auto now = co_await conversation.store().messages().snapshot(conversation.mailbox(mailbox_of(*id)));
  const bool gone = !now && now.error().kind == ErrorKind::not_found;
  if (gone) {
    result.status = EstimateStatus::invalid_collection;
    co_return result;
  }
  if (!now) co_return std::move(now).error();
  CO_TRY(CollectionState state, decode_collection_state(from.options));
  if (asked.filter_type != 0) state.options.filter_type = asked.filter_type;
  OwnChanges none;
  CO_TRY_VOID(co_await catch_up(conversation, *now, from.modseq, std::move(none), state));
  result.items = due_items(state, **now);
  co_return result;
}

}  // namespace

Task<Result<void>> run_get_item_estimate(Conversation& conversation, std::optional<Document> document) {
  if (!document) co_return co_await refuse(conversation, EstimateStatus::invalid_collection);
  auto request = read_get_item_estimate(document->root());
  std::string wbxml;
  if (!request) {
    write_estimate_refusal(wbxml, request.refusal());
    co_return co_await answer(conversation, request.refusal(), std::move(wbxml));
  }
  std::vector<Estimate> estimates;
  for (EstimateCollection& one : *request) {
    CO_TRY(Estimate result, co_await estimate(conversation, std::move(one)));
    estimates.push_back(std::move(result));
  }
  write_estimates(wbxml, estimates);
  co_return co_await answer(conversation, EstimateStatus::ok, std::move(wbxml));
}

}  // namespace postern::activesync
