// MoveItems. MS-ASCMD section 2.2.1.12. Items of one folder that go to one folder move with one verb; the
// device hears of the move by the answer and, as with any other change, by its next Sync of both folders.
#include <algorithm>
#include <map>

#include "protocols/activesync/collection_state.h"
#include "protocols/activesync/commands/stored_items.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/schema/move_items.h"

namespace postern::activesync {

namespace {

struct Route {
  MailboxId from{};
  MailboxId to{};
  friend auto operator<=>(const Route&, const Route&) = default;
};

class MoveRun {
 public:
  MoveRun(Conversation& conversation, std::vector<ItemMove> moves)
      : conversation_(conversation), moves_(std::move(moves)) {}

  Task<Result<void>> all() {
    CO_TRY(mailboxes_, co_await conversation_.store().mailboxes().list(conversation_.account.id));
    std::map<Route, UidSet> routes;
    for (const ItemMove& move : moves_) {
      results_.push_back({move.source_item, MoveStatus::invalid_source, {}});
      sort(move, results_.back(), routes);
    }
    for (auto& [route, uids] : routes) {
      CO_TRY_VOID(co_await name_drafts(route.from));
      CO_TRY_VOID(co_await move(route, std::move(uids)));
    }
    std::string wbxml;
    write_moves(wbxml, results_);
    conversation_.items = static_cast<std::uint32_t>(results_.size());
    co_return co_await answer(conversation_, MoveStatus::ok, std::move(wbxml));
  }

 private:
  const Mailbox* find(const std::string& id) const {
    const auto collection = parse_collection_id(id);
    if (!collection || !is_mailbox(*collection)) return nullptr;
    const auto found = std::find_if(mailboxes_.begin(), mailboxes_.end(), [&](const Mailbox& mailbox) {
      return mailbox.key.mailbox == mailbox_of(*collection);
    });
    return found == mailboxes_.end() ? nullptr : &*found;
  }

  void sort(const ItemMove& move, ItemMoved& result, std::map<Route, UidSet>& routes) const {
    const Mailbox* from = find(move.source_folder);
    const Mailbox* to = find(move.destination_folder);
    const auto item = parse_server_id(move.source_item);
    if (from == nullptr || !item || item->mailbox != from->key.mailbox) return;
    if (to == nullptr) {
      result.status = MoveStatus::invalid_destination;
    } else if (to == from) {
      result.status = MoveStatus::same_folder;
    } else {
      routes[{from->key.mailbox, to->key.mailbox}].add(item->uid);
    }
  }

  // Drafts that the device has changed have other numbers than it knows.
  Task<Result<void>> name_drafts(MailboxId from) {
    renamed_.clear();
    const bool are_drafts = std::any_of(mailboxes_.begin(), mailboxes_.end(), [from](const Mailbox& mailbox) {
      return mailbox.key.mailbox == from && mailbox.special_use == SpecialUse::drafts;
    });
    if (!are_drafts) co_return Result<void>();
    CO_TRY(renamed_, co_await renamed_drafts(conversation_, from));
    co_return Result<void>();
  }

  // What was not there any more keeps its invalid_source.
  Task<Result<void>> move(Route route, UidSet told) {
    UidSet uids;
    told.each([&](Uid uid) { uids.add(current_uid(renamed_, uid)); });
    const MailboxKey from = conversation_.mailbox(route.from);
    const MailboxKey to = conversation_.mailbox(route.to);
    auto moved = co_await conversation_.store().messages().move(from, uids, to);
    if (!moved && moved.error().kind == ErrorKind::unavailable) co_return std::move(moved).error();
    for (std::size_t i = 0; i < moves_.size(); ++i) {
      const auto item = parse_server_id(moves_[i].source_item);
      const bool is_mine = item && item->mailbox == route.from && told.contains(item->uid) &&
                           moves_[i].destination_folder == wire_id(collection_of(route.to));
      if (!is_mine) continue;
      if (!moved) {
        results_[i].status = MoveStatus::failed;
        continue;
      }
      const Uid uid = current_uid(renamed_, item->uid);
      const auto at = std::lower_bound(moved->from.begin(), moved->from.end(), uid);
      if (at == moved->from.end() || *at != uid) continue;
      results_[i].status = MoveStatus::ok;
      const auto place = static_cast<std::size_t>(at - moved->from.begin());
      results_[i].destination_item = server_id({route.to, moved->to[place]});
    }
    co_return Result<void>();
  }

  Conversation& conversation_;
  const std::vector<ItemMove> moves_;
  std::vector<Mailbox> mailboxes_;
  std::vector<Renamed> renamed_;  // of the route that is being taken
  std::vector<ItemMoved> results_;
};

}  // namespace

Task<Result<void>> run_move_items(Conversation& conversation, std::optional<Document> document) {
  std::string wbxml;
  if (!document) co_return co_await refuse(conversation, MoveStatus::invalid_source);
  auto moves = read_move_items(document->root());
  if (!moves) {
    write_move_refusal(wbxml, moves.refusal());
    co_return co_await answer(conversation, moves.refusal(), std::move(wbxml));
  }
  MoveRun run(conversation, std::move(*moves));
  co_return co_await run.all();
}

}  // namespace postern::activesync
