#include "protocols/activesync/commands/client_changes.h"

#include <algorithm>
#include <map>

#include "gateway/base/text.h"
#include "protocols/activesync/commands/draft_changes.h"
#include "protocols/activesync/email_item.h"
#include "protocols/activesync/follow_up.h"
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

CommandResult result_of(const RefusedCommand& refused) {
  const Status status(static_cast<SyncStatus>(refused.status));
  switch (refused.kind) {
    case CommandKind::add: return AddResult{refused.id, {}, status, {}, std::nullopt};
    case CommandKind::remove: return DeleteResult{refused.id, status};
    case CommandKind::change: break;
  }
  return ChangeResult{refused.id, status, std::nullopt};
}

// Only then the success of a Change is told (MS-ASCMD section 2.2.3.24).
bool adds_attachments(const ClientChange& change) {
  return change.change && change.change->draft && !change.change->draft->attachments_added.empty() &&
         !change.send;
}

void put_draft(OctetWriter& out, const std::optional<EmailChange>& change, bool send) {
  out.number(send ? 1 : 0);
  out.text(change && change->draft ? draft_content(*change->draft) : std::string());
}

class CommandRun {
 public:
  CommandRun(Conversation& conversation, MailTarget target, const SyncCollection& collection,
             CollectionState& state, KnownMailbox known)
      : conversation_(conversation),
        target_(target),
        collection_(collection),
        state_(state),
        before_(std::move(known.before)),
        since_(state.options.conflict == Conflict::server_wins ? std::optional(known.modseq) : std::nullopt),
        drafts_(conversation, target.mailbox, collection.sync_key, known.uid_next, state, applied_.own) {}

  Task<Result<AppliedCommands>> all() {
    for (const ClientCommand& command : collection_.commands) {
      std::visit([this](const auto& one) { sort(one); }, command);
    }
    CO_TRY_VOID(co_await store_marks());
    CO_TRY_VOID(co_await store_follow_ups());
    for (const ClientAdd* add : added_drafts_) CO_TRY_VOID(co_await add_draft(*add));
    for (const ClientChange* change : changed_drafts_) CO_TRY_VOID(co_await change_draft(*change));
    CO_TRY_VOID(co_await remove_items());
    for (Uid& uid : applied_.fetches) uid = current_uid(state_.renamed, uid);
    CO_TRY_VOID(
        co_await describe_drafts(conversation_, target_.mailbox, collection_, state_, applied_.results));
    co_return std::move(applied_);
  }

 private:
  MessageStore& messages() { return conversation_.store().messages(); }

  bool takes_drafts() const {
    return target_.use == SpecialUse::drafts && conversation_.request.version >= ProtocolVersion::v16_0;
  }

  void sort(const ClientAdd& add) {
    const bool is_mail = add.class_name.empty() || text::same(add.class_name, "Email");
    if (takes_drafts() && is_mail && add.change) return added_drafts_.push_back(&add);
    refuse(CommandKind::add, add.client_id, SyncStatus::malformed_item);
  }
  void sort(const ClientFetch& fetch) {
    if (uid_of(fetch.server_id)) return applied_.fetches.push_back(parse_server_id(fetch.server_id)->uid);
    applied_.results.push_back(FetchResult{fetch.server_id, SyncStatus::not_found, std::nullopt});
  }
  void sort(const ClientDelete& remove) {
    if (uid_of(remove.server_id)) return removed_.add(parse_server_id(remove.server_id)->uid);
    if (const auto uid = gone_before(remove.server_id)) return applied_.own.removed.add(*uid);
    refuse(CommandKind::remove, remove.server_id, SyncStatus::not_found);
  }
  void sort(const ClientChange& change) {
    const auto uid = uid_of(change.server_id);
    if (!uid) return refuse(CommandKind::change, change.server_id, SyncStatus::not_found);
    const bool of_draft = change.send || (change.change && change.change->draft);
    const bool readable = change.change && (!of_draft || takes_drafts());
    if (!readable || !note_marks(*uid, *change.change)) {
      return refuse(CommandKind::change, change.server_id, SyncStatus::malformed_item);
    }
    if (of_draft) changed_drafts_.push_back(&change);
  }

  // False: a category that cannot be a keyword. What is not kept must not be confirmed.
  bool note_marks(Uid uid, const EmailChange& change) {
    for (const std::string& category : change.categories.value_or(std::vector<std::string>())) {
      if (!check_keyword(category)) return false;
    }
    Marks& marks = marks_[uid];
    if (change.read) marks.set(SystemFlag::seen, *change.read);
    if (change.flag) {
      marks.set(SystemFlag::flagged, change.flag->status == FlagStatus::active);
      follow_ups_[uid] = encode(*change.flag);
    }
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

  // Of an item of this collection, whether it is there or not.
  std::optional<Uid> named_uid(const std::string& id) const {
    const auto item = parse_server_id(id);
    if (!item || item->mailbox != target_.mailbox.mailbox) return std::nullopt;
    return item->uid;
  }

  std::optional<Uid> uid_of(const std::string& id) const {
    const auto told = named_uid(id);
    if (!told || removed_.contains(*told)) return std::nullopt;
    const Uid uid = current_uid(state_.renamed, *told);
    return before_->find(uid) != nullptr ? std::optional(uid) : std::nullopt;
  }

  // Another client was faster, and the device has not been told: it has what it wants, and must not hear of
  // the removal of what it does not have any more.
  std::optional<Uid> gone_before(const std::string& id) const {
    const auto told = named_uid(id);
    if (!told) return std::nullopt;
    const Uid uid = current_uid(state_.renamed, *told);
    const bool was_told = state_.known.contains(uid) || state_.to_remove.contains(uid);
    return was_told && before_->find(uid) == nullptr ? std::optional(uid) : std::nullopt;
  }

  void refuse(CommandKind kind, const std::string& id, Status status) {
    applied_.refused.push_back({kind, id, status.code});
    applied_.results.push_back(result_of(applied_.refused.back()));
  }

  // What is wrong with one draft is told of it, and the others go on.
  static Result<DraftOutcome> of_one_draft(Result<DraftOutcome> outcome) {
    if (outcome || !is_of_one_message(outcome.error())) return outcome;
    DraftOutcome failed;
    failed.status = SyncStatus::server_error;
    return failed;
  }

  Task<Result<void>> add_draft(const ClientAdd& add) {
    auto stored = co_await drafts_.add(add);
    CO_TRY(const DraftOutcome outcome, of_one_draft(std::move(stored)));
    if (outcome.status != Status(SyncStatus::ok)) {
      refuse(CommandKind::add, add.client_id, outcome.status);
      co_return Result<void>();
    }
    AddResult result{add.client_id, {}, outcome.status, {}, std::nullopt};
    if (outcome.uid) result.server_id = server_id({target_.mailbox.mailbox, *outcome.uid});
    applied_.added.emplace_back(result.client_id, result.server_id);
    applied_.results.push_back(std::move(result));
    co_return Result<void>();
  }

  Task<Result<void>> change_draft(const ClientChange& change) {
    const auto item = parse_server_id(change.server_id);
    const Uid now = current_uid(state_.renamed, item->uid);  // it may have been changed by the one before
    auto stored = co_await drafts_.change(change, now, item->uid);
    CO_TRY(const DraftOutcome outcome, of_one_draft(std::move(stored)));
    if (outcome.status != Status(SyncStatus::ok)) {
      refuse(CommandKind::change, change.server_id, outcome.status);
    } else if (adds_attachments(change)) {
      applied_.results.push_back(ChangeResult{change.server_id, outcome.status, std::nullopt});
    }
    co_return Result<void>();
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

  // After the flags that they belong to: what other devices have read in between they are told again.
  Task<Result<void>> store_follow_ups() {
    UidSet uids;
    for (const auto& [uid, details] : follow_ups_) uids.add(uid);
    if (uids.empty()) co_return Result<void>();
    CO_TRY(const FollowUps kept, co_await FollowUps::load(messages(), target_.mailbox, std::move(uids)));
    std::vector<FollowUp> changed;
    for (auto& [uid, details] : follow_ups_) {
      const std::optional<FollowUpFlag> before = kept.of(uid);
      if (details == (before ? encode(*before) : std::string())) continue;
      changed.push_back({uid, std::move(details)});
    }
    if (changed.empty()) co_return Result<void>();
    CO_TRY(const ModSeq modseq, co_await messages().attach_follow_ups(target_.mailbox, std::move(changed)));
    applied_.own.modseqs.push_back(modseq);
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
      const Uid told = told_uid(state_.renamed, uid);
      refuse(CommandKind::change, server_id({target_.mailbox.mailbox, told}), SyncStatus::conflict);
      follow_ups_.erase(uid);
    });
    co_return minus(uids, stored.refused);
  }

  Task<Result<void>> remove_items() {
    if (removed_.empty()) co_return Result<void>();
    UidSet uids;
    removed_.each([&](Uid told) { uids.add(current_uid(state_.renamed, told)); });
    applied_.own.removed.add(uids);
    const bool into_trash =
        collection_.deletes_as_moves && target_.trash && *target_.trash != target_.mailbox;
    if (into_trash) {
      CO_TRY_VOID(co_await messages().move(target_.mailbox, uids, *target_.trash));
    } else {
      CO_TRY_VOID(co_await messages().remove(target_.mailbox, uids, conversation_.removal()));
    }
    co_return Result<void>();
  }

  Conversation& conversation_;
  const MailTarget target_;
  const SyncCollection& collection_;
  CollectionState& state_;
  const SnapshotPtr before_;
  const std::optional<ModSeq> since_;
  std::map<Uid, Marks> marks_;
  std::map<Uid, std::string> follow_ups_;       // as they are to be from now on
  UidSet removed_;                              // as the device knows them; a draft may change before it goes
  std::vector<const ClientAdd*> added_drafts_;  // of the collection
  std::vector<const ClientChange*> changed_drafts_;
  AppliedCommands applied_;
  DraftRun drafts_;  // notes in applied_
};

}  // namespace

Task<Result<AppliedCommands>> apply_commands(Conversation& conversation, MailTarget target,
                                             const SyncCollection& collection, CollectionState& state,
                                             KnownMailbox known) {
  CommandRun run(conversation, target, collection, state, std::move(known));
  co_return co_await run.all();
}

Task<Result<AppliedCommands>> repeat_commands(Conversation& conversation, MailTarget target,
                                              const SyncCollection& collection,
                                              const SyncGeneration& answered, const CollectionState& state) {
  AppliedCommands again;
  const auto is_refused = [&state](const std::string& id) {
    return std::any_of(state.refused.begin(), state.refused.end(),
                       [&id](const RefusedCommand& one) { return one.id == id; });
  };
  for (const auto& [client_id, id] : answered.added) {
    again.results.push_back(AddResult{client_id, id, SyncStatus::ok, {}, std::nullopt});
  }
  for (const ClientCommand& command : collection.commands) {
    const auto* change = std::get_if<ClientChange>(&command);
    if (change != nullptr && adds_attachments(*change) && !is_refused(change->server_id)) {
      again.results.push_back(ChangeResult{change->server_id, SyncStatus::ok, std::nullopt});
    }
    const auto* fetch = std::get_if<ClientFetch>(&command);
    const auto item = fetch == nullptr ? std::nullopt : parse_server_id(fetch->server_id);
    if (item && item->mailbox == target.mailbox.mailbox) {
      again.fetches.push_back(current_uid(state.renamed, item->uid));
    }
  }
  for (const RefusedCommand& one : state.refused) again.results.push_back(result_of(one));
  CO_TRY_VOID(co_await describe_drafts(conversation, target.mailbox, collection, state, again.results));
  co_return again;
}

std::string digest_of(const std::vector<ClientCommand>& commands) {
  if (commands.empty()) return {};
  OctetWriter out;
  for (const ClientCommand& command : commands) {
    out.number(command.index());
    if (const auto* add = std::get_if<ClientAdd>(&command)) {
      out.text(add->client_id);
      put_draft(out, add->change, add->send);
    }
    if (const auto* remove = std::get_if<ClientDelete>(&command)) out.text(remove->server_id);
    if (const auto* fetch = std::get_if<ClientFetch>(&command)) out.text(fetch->server_id);
    const auto* change = std::get_if<ClientChange>(&command);
    if (change == nullptr) continue;
    out.text(change->server_id);
    put_draft(out, change->change, change->send);
    if (!change->change) continue;
    out.number(change->change->read ? 1 + (*change->change->read ? 1 : 0) : 0);
    out.number(change->change->flag ? 1 + static_cast<unsigned>(change->change->flag->status) : 0);
    if (change->change->flag) out.text(encode(*change->change->flag));
    for (const std::string& category : change->change->categories.value_or(std::vector<std::string>())) {
      out.text(category);
    }
  }
  return sha256(out.take());
}

}  // namespace postern::activesync
