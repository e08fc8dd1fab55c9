#include "protocols/imap/watch.h"

#include <algorithm>

#include "protocols/imap/mailbox_filter.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/writer.h"

namespace postern::imap {

Watch::Watch(Session& session, Notify wanted) : session_(session) {
  for (NotifyGroup& group : wanted.groups) {
    if (is_of_selected(group.filter)) {
      selected_ = std::move(group);
    } else if (group.events != 0) {
      others_.push_back(std::move(group));
    }
  }
}

Watch::Names Watch::names_of(const std::vector<Mailbox>& mailboxes,
                             const std::vector<MailboxName>& subscriptions) {
  Names names;
  for (const Mailbox& mailbox : mailboxes) names.by_id[mailbox.key.mailbox] = mailbox.name;
  names.subscribed.insert(subscriptions.begin(), subscriptions.end());
  List all;
  all.patterns.assign(1, "*");
  all.returned.subscribed = true;
  for (ListMatch& match : match_list(all, mailboxes, subscriptions)) {
    const MailboxName name = match.entry.name;
    names.entries[name] = std::move(match.entry);
  }
  return names;
}

bool Watch::wants(NotifyEvent event, const MailboxName& name, const Names& names) const {
  return std::any_of(others_.begin(), others_.end(), [&](const NotifyGroup& group) {
    return group.wants(event) && matches(group.filter, name, names.subscribed);
  });
}

std::uint8_t Watch::message_events(const MailboxName& name, const Names& names) const {
  std::uint8_t events = 0;
  for (const NotifyGroup& group : others_) {
    if (matches(group.filter, name, names.subscribed)) events |= group.events & kMessageEvents;
  }
  return events;
}

bool Watch::wants_metadata() const {
  return std::any_of(others_.begin(), others_.end(), [](const NotifyGroup& group) {
    return group.wants(NotifyEvent::mailbox_metadata) || group.wants(NotifyEvent::server_metadata);
  });
}

bool Watch::is_selected(MailboxId mailbox) const {
  return session_.selected && session_.selected->mailbox.key.mailbox == mailbox;
}

// Listens before it looks, so that nothing falls between.
Task<Result<void>> Watch::begin() {
  if (others_.empty()) co_return Result<void>();
  const AccountId account = session_.user->account;
  const auto on_account = [this] {
    account_rung_ = true;
    session_.wake();
  };
  ChangeBus& bus = session_.services.store.changes();
  account_ = bus.listen_account(account, on_account);
  const std::uint64_t rings_before = bus.rings();
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await session_.mailboxes().list(account));
  CO_TRY(const std::vector<MailboxName> subscriptions, co_await session_.mailboxes().subscriptions(account));
  names_ = names_of(mailboxes, subscriptions);
  if (wants_metadata()) {
    CO_TRY(const AnnotationChanges changes,
           co_await session_.services.store.annotations().changes_since(account, INT64_MAX));
    revision_ = changes.revision;
  }
  CO_TRY_VOID(watch_messages(mailboxes));
  // Something has rung while nobody listened: all are looked at anew.
  if (bus.rings() != rings_before) {
    for (const auto& entry : watched_) rung_.insert(entry.first);
  }
  co_return Result<void>();
}

Result<void> Watch::watch_messages(const std::vector<Mailbox>& mailboxes) {
  std::set<MailboxId> still;
  for (const Mailbox& mailbox : mailboxes) {
    const MailboxId id = mailbox.key.mailbox;
    const std::uint8_t events = message_events(mailbox.name, names_);
    if (events == 0) continue;
    if (still.size() == kMailboxesMax) return Error(ErrorKind::too_large, "too many mailboxes to watch");
    still.insert(id);
    const auto [at, is_new] = watched_.try_emplace(id);
    at->second.events = events;
    at->second.mailbox.name = mailbox.name;
    if (!is_new) continue;
    at->second.mailbox = mailbox;
    const auto on_change = [this, id](ModSeq now) {
      const auto known = watched_.find(id);
      if (known == watched_.end() || now <= known->second.mailbox.status.highest_modseq) return;
      rung_.insert(id);
      session_.wake();
    };
    at->second.subscription = session_.services.store.changes().listen(mailbox.key, on_change);
  }
  std::erase_if(watched_, [&still](const auto& entry) { return !still.contains(entry.first); });
  std::erase_if(rung_, [&still](MailboxId id) { return !still.contains(id); });
  return {};
}

void Watch::print_all() {
  for (const auto& [id, watched] : watched_) {
    if (is_selected(id)) continue;
    StatusAnswer answer;
    answer.status = watched.mailbox.status;
    answer.mailbox = id;
    std::vector<StatusItem> items{StatusItem::messages, StatusItem::uid_next, StatusItem::uid_validity};
    if ((watched.events & static_cast<std::uint8_t>(NotifyEvent::flag_change)) != 0) {
      items.push_back(StatusItem::highest_modseq);
    }
    print_status(session_.io.output(), watched.mailbox.name, items, answer, session_.user->names());
  }
}

Task<Result<void>> Watch::tell() {
  if (std::exchange(account_rung_, false)) {
    Result<void> looked = co_await look_at_account();
    if (looked && wants_metadata()) looked = co_await look_at_annotations();
    if (!looked && looked.error().kind == ErrorKind::too_large) {
      overflow();
      co_return Result<void>();
    }
    account_rung_ = account_rung_ || !looked;
    if (!looked) co_return looked;
  }
  while (!rung_.empty()) {
    const MailboxId id = *rung_.begin();
    rung_.erase(rung_.begin());
    const Result<void> looked = co_await look_at(id);
    if (!looked) {
      rung_.insert(id);
      co_return looked;
    }
    CO_TRY_VOID(co_await session_.flush_if_full());
  }
  co_return Result<void>();
}

Task<Result<void>> Watch::look_at_account() {
  const AccountId account = session_.user->account;
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await session_.mailboxes().list(account));
  CO_TRY(const std::vector<MailboxName> subscriptions, co_await session_.mailboxes().subscriptions(account));
  Names now = names_of(mailboxes, subscriptions);
  tell_names(now);
  names_ = std::move(now);
  co_return watch_messages(mailboxes);
}

namespace {

// Whether a renamed mailbox only went along with one above it.
bool went_along(const MailboxName& from, const MailboxName& to,
                const std::map<MailboxName, MailboxName>& renamed) {
  for (const MailboxName& above : from.ancestors()) {
    const auto moved = renamed.find(above);
    if (moved == renamed.end()) continue;
    const auto rebased = from.rebased(above, moved->second);
    if (rebased && *rebased == to) return true;
  }
  return false;
}

}  // namespace

// A mailbox that is made or removed changes what is said of its parent, too (RFC 5465 §5.4).
void Watch::tell_names(const Names& now) {
  std::map<MailboxName, ListEntry> affected;
  const auto entry_of = [&now](const MailboxName& name) {
    const auto known = now.entries.find(name);
    ListEntry entry;
    entry.name = name;
    entry.non_existent = true;
    entry.subscribed = now.subscribed.contains(name);
    return known == now.entries.end() ? entry : known->second;
  };
  const auto affect = [&](const MailboxName& name) {
    if (wants(NotifyEvent::mailbox_name, name, now)) affected.try_emplace(name, entry_of(name));
  };
  const auto affect_with_parent = [&](const MailboxName& name) {
    affect(name);
    const std::vector<MailboxName> above = name.ancestors();
    if (!above.empty()) affect(above.back());
  };
  std::map<MailboxName, MailboxName> renamed;
  for (const auto& [id, name] : now.by_id) {
    const auto before = names_.by_id.find(id);
    if (before == names_.by_id.end() && !name.is_inbox()) affect_with_parent(name);
    if (before != names_.by_id.end() && before->second != name) renamed[before->second] = name;
  }
  for (const auto& [id, name] : names_.by_id) {
    if (!now.by_id.contains(id)) affect_with_parent(name);
  }
  for (const auto& [from, to] : renamed) {
    if (went_along(from, to, renamed)) continue;
    if (!wants(NotifyEvent::mailbox_name, from, names_) && !wants(NotifyEvent::mailbox_name, to, now))
      continue;
    affected[to] = entry_of(to);
    affected[to].old_name = from;
  }
  const auto affect_subscription = [&](const MailboxName& name) {
    if (wants(NotifyEvent::subscription_change, name, now) ||
        wants(NotifyEvent::subscription_change, name, names_)) {
      affected.try_emplace(name, entry_of(name));
    }
  };
  for (const MailboxName& name : now.subscribed) {
    if (!names_.subscribed.contains(name)) affect_subscription(name);
  }
  for (const MailboxName& name : names_.subscribed) {
    if (!now.subscribed.contains(name)) affect_subscription(name);
  }
  for (const auto& one : affected) print_list(session_.io.output(), one.second, session_.user->names());
}

Task<Result<void>> Watch::look_at_annotations() {
  CO_TRY(const AnnotationChanges changes,
         co_await session_.services.store.annotations().changes_since(session_.user->account, revision_));
  revision_ = changes.revision;
  std::map<MailboxId, std::string> entries;
  for (const auto& one : changes.changed) Writer(entries[one.mailbox]).raw(" ").astring(one.entry);
  Writer out(session_.io.output());
  for (const auto& [id, text] : entries) {
    if (id == kAccountItself) {
      const bool wanted = std::any_of(others_.begin(), others_.end(), [](const NotifyGroup& group) {
        return group.wants(NotifyEvent::server_metadata);
      });
      if (wanted) out.raw("* METADATA \"\"").raw(text).line_end();
      continue;
    }
    const auto known = names_.by_id.find(id);
    if (known == names_.by_id.end() || !wants(NotifyEvent::mailbox_metadata, known->second, names_)) continue;
    out.raw("* METADATA ").mailbox(known->second, session_.user->names()).raw(text).line_end();
  }
  co_return Result<void>();
}

Task<Result<void>> Watch::look_at(MailboxId mailbox) {
  // News of the selected mailbox are told by announce_changes.
  if (is_selected(mailbox)) co_return Result<void>();
  const MailboxKey key{session_.user->account, mailbox};
  const auto status = co_await session_.mailboxes().status(key);
  // Removed: the account's bell rings, too.
  if (!status && status.error().kind == ErrorKind::not_found) co_return Result<void>();
  if (!status) co_return status.error();
  const auto watched = watched_.find(mailbox);
  if (watched != watched_.end()) print_change(watched->second, *status);
  co_return Result<void>();
}

void Watch::print_change(Watched& watched, const MailboxStatus& now) {
  const MailboxStatus before = std::exchange(watched.mailbox.status, now);
  const bool flags = (watched.events & static_cast<std::uint8_t>(NotifyEvent::flag_change)) != 0;
  std::vector<StatusItem> items;
  if (before.uid_next != now.uid_next || before.messages != now.messages) {
    items.assign({StatusItem::messages, StatusItem::uid_next});
  }
  if (flags && before.highest_modseq != now.highest_modseq &&
      (before.unseen != now.unseen || session_.user->condstore)) {
    items.push_back(StatusItem::unseen);
  }
  if (items.empty()) return;
  items.push_back(StatusItem::uid_validity);
  if (session_.user->condstore) items.push_back(StatusItem::highest_modseq);
  StatusAnswer answer;
  answer.status = now;
  print_status(session_.io.output(), watched.mailbox.name, items, answer, session_.user->names());
}

// As if NOTIFY NONE had been given (RFC 5465 §5.8).
void Watch::overflow() {
  print(session_.io.output(), "", ok(ResponseCode{"NOTIFICATIONOVERFLOW"}, "Too many mailboxes to watch"));
  selected_ = NotifyGroup();
  others_.clear();
  watched_.clear();
  rung_.clear();
  account_ = Subscription();
}

}  // namespace postern::imap
