#include "protocols/imap/list_match.h"

#include <algorithm>
#include <map>

#include "protocols/imap/grammar/mailbox_name.h"

namespace postern::imap {

namespace {

struct Node {
  const Mailbox* mailbox = nullptr;
  bool has_children = false;  // so that it is shown even if it does not exist itself (RFC 3501 §6.3.8)
  bool subscribed = false;
  bool child_subscribed = false;
};

std::map<MailboxName, Node> tree_of(const std::vector<Mailbox>& mailboxes,
                                    const std::vector<MailboxName>& subscriptions) {
  std::map<MailboxName, Node> tree;
  for (const Mailbox& mailbox : mailboxes) {
    tree[mailbox.name].mailbox = &mailbox;
    for (const MailboxName& parent : mailbox.name.ancestors()) tree[parent].has_children = true;
  }
  for (const MailboxName& name : subscriptions) {
    tree[name].subscribed = true;
    for (const MailboxName& parent : name.ancestors()) tree[parent].child_subscribed = true;
  }
  return tree;
}

bool selected(const List::Selection& selection, const Node& node) {
  if (selection.special_use && (node.mailbox == nullptr || node.mailbox->special_use == SpecialUse::none)) {
    return false;
  }
  if (selection.subscribed) return node.subscribed || (selection.recursive_match && node.child_subscribed);
  return node.mailbox != nullptr || node.has_children;
}

}  // namespace

std::vector<ListMatch> match_list(const List& list, const std::vector<Mailbox>& mailboxes,
                                  const std::vector<MailboxName>& subscriptions) {
  std::vector<ListPattern> patterns;
  for (const std::string& pattern : list.patterns) patterns.emplace_back(list.reference, pattern);
  const bool tell_subscribed = list.selection.subscribed || list.returned.subscribed;

  std::vector<ListMatch> matches;
  for (const auto& [name, node] : tree_of(mailboxes, subscriptions)) {
    if (!selected(list.selection, node)) continue;
    const auto matches_name = [&name_text = name.text()](const ListPattern& p) {
      return p.matches(name_text);
    };
    if (std::none_of(patterns.begin(), patterns.end(), matches_name)) continue;
    ListMatch match;
    match.mailbox = node.mailbox;
    match.entry.name = name;
    match.entry.non_existent = node.mailbox == nullptr;
    match.entry.subscribed = tell_subscribed && node.subscribed;
    match.entry.has_children = node.has_children;
    if (node.mailbox != nullptr) match.entry.special_use = node.mailbox->special_use;
    match.entry.child_subscribed = list.selection.recursive_match && node.child_subscribed;
    matches.push_back(std::move(match));
  }
  return matches;
}

}  // namespace postern::imap
