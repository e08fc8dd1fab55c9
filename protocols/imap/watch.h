// Watch: what a session has asked to be told of mailboxes that it has not selected, and of the list of them
// (RFC 5465). It hears the bells of those mailboxes and of the account, and asks the store what has changed
// only when one has rung, so a change costs each watching session a question and the others nothing.
#pragma once

#include <map>
#include <set>

#include "protocols/imap/list_match.h"
#include "protocols/imap/session.h"

namespace postern::imap {

class Watch {
 public:
  static constexpr std::size_t kMailboxesMax = 2000;  // whose messages are watched

  Watch(Session& session, Notify wanted);

  // Learns how things are. too_large: too many mailboxes.
  Task<Result<void>> begin();
  // STATUS of every mailbox whose messages are watched, but for the selected one.
  void print_all();

  // Of the selected mailbox.
  bool wants_of_selected(NotifyEvent event) const { return selected_.wants(event); }
  bool delays_expunges() const { return selected_.filter.kind == MailboxFilter::Kind::selected_delayed; }
  const std::vector<FetchItem>& fetched() const { return selected_.fetched; }

  bool has_news() const { return account_rung_ || !rung_.empty(); }
  // Prints what has changed. On an error of the store it is asked again when it rings next.
  Task<Result<void>> tell();

 private:
  struct Watched {
    Mailbox mailbox;  // as last told
    std::uint8_t events = 0;
    Subscription subscription;
  };
  // The account's mailboxes at one moment.
  struct Names {
    std::map<MailboxId, MailboxName> by_id;
    std::set<MailboxName> subscribed;
    std::map<MailboxName, ListEntry> entries;
  };
  static Names names_of(const std::vector<Mailbox>& mailboxes, const std::vector<MailboxName>& subscriptions);
  bool wants(NotifyEvent event, const MailboxName& name, const Names& names) const;
  std::uint8_t message_events(const MailboxName& name, const Names& names) const;
  bool wants_metadata() const;
  bool is_selected(MailboxId mailbox) const;

  Task<Result<void>> look_at_account();
  Task<Result<void>> look_at_annotations();
  Task<Result<void>> look_at(MailboxId mailbox);
  // too_large
  Result<void> watch_messages(const std::vector<Mailbox>& mailboxes);
  void tell_names(const Names& now);
  void print_change(Watched& watched, const MailboxStatus& now);
  void overflow();

  Session& session_;
  NotifyGroup selected_;
  std::vector<NotifyGroup> others_;
  Names names_;
  std::uint64_t revision_ = 0;  // of annotations
  std::map<MailboxId, Watched> watched_;
  std::set<MailboxId> rung_;
  bool account_rung_ = false;
  Subscription account_;
};

}  // namespace postern::imap
