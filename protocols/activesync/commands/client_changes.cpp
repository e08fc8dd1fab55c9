#include "protocols/activesync/commands/client_changes.h"

#include <algorithm>
#include <map>

#include "protocols/activesync/email_item.h"
#include "protocols/activesync/hierarchy.h"
#include "protocols/activesync/octet_fields.h"
#include "protocols/shared/digest.h"

namespace postern::activesync {

namespace {

// What becomes of one item's flags. Ordered, so that items with the same marks come together.
struct Marks {
  std::uint8_t added = 0;  // bits of SystemFlag
  std::uint8_t removed = 0;
  std::vector<std::string> keywords_added, keywords_removed;
  friend auto operator<=>(const Marks&, const Marks&) = default;

  void set(SystemFlag flag, bool on) {
    const auto bit = static_cast<std::uint8_t>(flag);
    added = static_cast<std::uint8_t>(on ? added | bit : added & ~bit);
    removed = static_cast<std::uint8_t>(on ? removed & ~bit : removed | bit);
  }
};

class CommandRun {
 public:
  CommandRun(Conversation& conversation, MailTarget target, const SyncCollection& collection,
             Conflict conflict, ModSeq since, SnapshotPtr before)
      : conversation_(conversation),
        target_(target),
        collection_(collection),
        before_(std::move(before)),
        since_(conflict == Conflict::server_wins ? std::optional(since) : std::nullopt) {}

  Task<Result<AppliedCommands>> all() {
    for (const ClientCommand& command : collection_.commands) {
      std::visit([this](const auto& one) { sort(one); }, command);
    }
    CO_TRY_VOID(co_await store_marks());
    CO_TRY_VOID(co_await remove_items());
    co_return std::move(applied_);
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  void sort(const ClientAdd& add) {
    applied_.results.push_back(AddResult{add.client_id, {}, SyncStatus::malformed_item, {}, std::nullopt});
  }
  void sort(const ClientFetch& fetch) {
    const auto uid = uid_of(fetch.server_id);
    if (uid) return applied_.fetches.push_back(*uid);
    applied_.results.push_back(FetchResult{fetch.server_id, SyncStatus::not_found, std::nullopt});
  }
  void sort(const ClientDelete& remove) {
    const auto uid = uid_of(remove.server_id);
    if (uid) return removed_.add(*uid);
    refuse(remove.server_id, SyncStatus::not_found, true);
  }
  void sort(const ClientChange& change) {
    const auto uid = uid_of(change.server_id);
    if (!uid) return refuse(change.server_id, SyncStatus::not_found, false);
    const bool readable = change.change && !change.change->draft && !change.send;
    if (!readable || !note_marks(*uid, *change.change))
      refuse(change.server_id, SyncStatus::malformed_item, false);
  }

  // False: a category that cannot be a keyword. What is not kept must not be confirmed.
  bool note_marks(Uid uid, const EmailChange& change) {
    for (const std::string& category : change.categories.value_or(std::vector<std::string>())) {
      if (!check_keyword(category)) return false;
    }
    Marks& marks = marks_[uid];
    if (change.read) marks.set(SystemFlag::seen, *change.read);
    if (change.flag) marks.set(SystemFlag::flagged, change.flag->status == FlagStatus::active);
    if (!change.categories) return true;
    marks.keywords_added = *change.categories;
    marks.keywords_removed.clear();
    for (const std::string& keyword : before_->flags(*before_->find(uid)).keywords) {
      const bool stays = std::find(change.categories->begin(), change.categories->end(), keyword) !=
                         change.categories->end();
      if (is_category(keyword) && !stays) marks.keywords_removed.push_back(keyword);
    }
    return true;
  }

  std::optional<Uid> uid_of(const std::string& id) const {
    const auto item = parse_server_id(id);
    const bool is_here = item && item->mailbox == target_.mailbox.mailbox &&
                         before_->find(item->uid) != nullptr && !removed_.contains(item->uid);
    return is_here ? std::optional(item->uid) : std::nullopt;
  }

  void refuse(const std::string& id, SyncStatus status, bool is_delete) {
    applied_.refused.push_back({is_delete, id, Status(status).code});
    if (is_delete) {
      applied_.results.push_back(DeleteResult{id, status});
    } else {
      applied_.results.push_back(ChangeResult{id, status});
    }
  }

  Task<Result<void>> store_marks() {
    std::map<Marks, UidSet> groups;
    for (const auto& [uid, marks] : marks_) groups[marks].add(uid);
    for (auto& [marks, uids] : groups) {
      FlagChange add{FlagChangeMode::add, {}};
      add.flags.system = marks.added;
      for (const std::string& keyword : marks.keywords_added) add.flags.add_keyword(keyword);
      FlagChange remove{FlagChangeMode::remove, {}};
      remove.flags.system = marks.removed;
      for (const std::string& keyword : marks.keywords_removed) remove.flags.add_keyword(keyword);
      // What the first half has changed itself is no conflict for the second.
      const auto condition = add.flags == Flags() ? since_ : std::nullopt;
      CO_TRY(const UidSet left, co_await store_flags(uids, std::move(add), since_));
      CO_TRY_VOID(co_await store_flags(left, std::move(remove), condition));
    }
    co_return Result<void>();
  }

  // Returns those that were not refused for a conflict.
  Task<Result<UidSet>> store_flags(UidSet uids, FlagChange change, std::optional<ModSeq> unchanged_since) {
    const bool nothing = change.flags == Flags() || uids.empty();
    if (nothing) co_return uids;
    CO_TRY(const FlagsStored stored,
           co_await messages().store_flags(target_.mailbox, uids, std::move(change), unchanged_since));
    if (!stored.changed.empty()) applied_.own.modseqs.push_back(stored.modseq);
    stored.refused.each([this](Uid uid) {
      refuse(server_id({target_.mailbox.mailbox, uid}), SyncStatus::conflict, false);
    });
    co_return minus(uids, stored.refused);
  }

  Task<Result<void>> remove_items() {
    if (removed_.empty()) co_return Result<void>();
    applied_.own.removed = removed_;
    const bool into_trash =
        collection_.deletes_as_moves && target_.trash && *target_.trash != target_.mailbox;
    if (into_trash) {
      CO_TRY_VOID(co_await messages().move(target_.mailbox, removed_, *target_.trash));
    } else {
      CO_TRY_VOID(co_await messages().remove(target_.mailbox, removed_, Door::mobile_sync));
    }
    co_return Result<void>();
  }

  Conversation& conversation_;
  const MailTarget target_;
  const SyncCollection& collection_;
  const SnapshotPtr before_;
  const std::optional<ModSeq> since_;
  std::map<Uid, Marks> marks_;
  UidSet removed_;
  AppliedCommands applied_;
};

}  // namespace

Task<Result<AppliedCommands>> apply_commands(Conversation& conversation, MailTarget target,
                                             const SyncCollection& collection, Conflict conflict,
                                             ModSeq since, SnapshotPtr before) {
  CommandRun run(conversation, target, collection, conflict, since, std::move(before));
  co_return co_await run.all();
}

AppliedCommands repeat_commands(const SyncCollection& collection, const CollectionState& answered,
                                const MailTarget& target) {
  AppliedCommands again;
  for (const ClientCommand& command : collection.commands) {
    if (const auto* add = std::get_if<ClientAdd>(&command)) {
      again.results.push_back(AddResult{add->client_id, {}, SyncStatus::malformed_item, {}, std::nullopt});
    }
    const auto* fetch = std::get_if<ClientFetch>(&command);
    if (fetch == nullptr) continue;
    const auto item = parse_server_id(fetch->server_id);
    if (item && item->mailbox == target.mailbox.mailbox) again.fetches.push_back(item->uid);
  }
  for (const RefusedCommand& one : answered.refused) {
    const auto status = static_cast<SyncStatus>(one.status);
    if (one.is_delete) {
      again.results.push_back(DeleteResult{one.server_id, status});
    } else {
      again.results.push_back(ChangeResult{one.server_id, status});
    }
  }
  return again;
}

std::string digest_of(const std::vector<ClientCommand>& commands) {
  if (commands.empty()) return {};
  OctetWriter out;
  for (const ClientCommand& command : commands) {
    out.number(command.index());
    if (const auto* add = std::get_if<ClientAdd>(&command)) out.text(add->client_id);
    if (const auto* remove = std::get_if<ClientDelete>(&command)) out.text(remove->server_id);
    if (const auto* fetch = std::get_if<ClientFetch>(&command)) out.text(fetch->server_id);
    const auto* change = std::get_if<ClientChange>(&command);
    if (change == nullptr) continue;
    out.text(change->server_id);
    if (!change->change) continue;
    out.number(change->change->read ? 1 + (*change->change->read ? 1 : 0) : 0);
    out.number(change->change->flag ? 1 + static_cast<unsigned>(change->change->flag->status) : 0);
    for (const std::string& category : change->change->categories.value_or(std::vector<std::string>())) {
      out.text(category);
    }
  }
  return sha256(out.take());
}

}  // namespace postern::activesync
