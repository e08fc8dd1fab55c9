#include "protocols/imap/mailbox_filter.h"

#include <algorithm>

namespace postern::imap {

namespace {

bool is_child(const MailboxName& name, const MailboxName& parent) {
  return name.is_below(parent) &&
         name.text().find(kHierarchySeparator, parent.text().size() + 1) == std::string::npos;
}

}  // namespace

bool is_of_selected(const MailboxFilter& filter) {
  return filter.kind == MailboxFilter::Kind::selected || filter.kind == MailboxFilter::Kind::selected_delayed;
}

bool matches(const MailboxFilter& filter, const MailboxName& name,
             const std::set<MailboxName>& subscriptions) {
  const auto any_named = [&filter](auto means) {
    return std::any_of(filter.names.begin(), filter.names.end(), [&means](const MailboxArgument& one) {
      const Result<MailboxName> named = one.existing();
      return named && means(*named);
    });
  };
  switch (filter.kind) {
    case MailboxFilter::Kind::selected:
    case MailboxFilter::Kind::selected_delayed: return false;
    case MailboxFilter::Kind::inboxes:
    case MailboxFilter::Kind::personal: return true;
    case MailboxFilter::Kind::subscribed: return subscriptions.contains(name);
    case MailboxFilter::Kind::subtree:
      return any_named([&name](const MailboxName& top) { return name == top || name.is_below(top); });
    case MailboxFilter::Kind::subtree_one:
      return any_named([&name](const MailboxName& top) { return name == top || is_child(name, top); });
    case MailboxFilter::Kind::mailboxes:
      return any_named([&name](const MailboxName& one) { return name == one; });
  }
  return false;
}

}  // namespace postern::imap
