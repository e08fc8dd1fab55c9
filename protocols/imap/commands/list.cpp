// LIST (RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154, RFC 9590) and LSUB (RFC 3501 §6.3.9). All mailboxes
// come from the store in one round trip, with their counters, so that RETURN (STATUS …) costs nothing more.
#include "protocols/imap/list_match.h"

#include <map>

#include "protocols/imap/commands/run.h"
#include "protocols/imap/commands/status_answer.h"
#include "protocols/imap/condstore.h"

namespace postern::imap {

namespace {

// Of all mailboxes at once (RFC 9590): entries of each, in the order asked for.
using Noted = std::map<MailboxId, std::map<std::string, std::string>>;

Task<Result<Noted>> noted(Authenticated& user, const std::vector<ListMatch>& matches,
                          const std::vector<std::string>& entries) {
  Noted noted;
  std::vector<MailboxId> mailboxes;
  for (const ListMatch& match : matches) {
    if (match.mailbox != nullptr) mailboxes.push_back(match.mailbox->key.mailbox);
  }
  if (entries.empty() || mailboxes.empty()) co_return noted;
  AnnotationsWanted wanted;
  wanted.entries = entries;
  CO_TRY(std::vector<AnnotationFound> found, co_await user.session.services.store.annotations().find(
                                                 user.account, std::move(mailboxes), std::move(wanted)));
  for (AnnotationFound& one : found) noted[one.mailbox][one.entry] = std::move(one.value).value_or("");
  co_return noted;
}

void print_noted(std::string& out, const ListMatch& match, const Noted& noted,
                 const std::vector<std::string>& entries, NameSpelling names) {
  MetadataResponse response(out, match.entry.name, names);
  const auto of_mailbox = noted.find(match.mailbox->key.mailbox);
  for (const std::string& entry : entries) {
    std::optional<std::string> value;
    if (of_mailbox != noted.end()) {
      const auto at = of_mailbox->second.find(entry);
      if (at != of_mailbox->second.end()) value = at->second;
    }
    response.add(entry, value);
  }
  response.finish();
}

}  // namespace

Task<Answer> run(Authenticated& user, const List& command) {
  Session& session = user.session;
  std::string& out = session.io.output();
  if (!command.extended && command.patterns.front().empty()) {
    print_list_root(out);
    co_return ok("That is all");
  }
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await session.mailboxes().list(user.account));
  std::vector<MailboxName> subscriptions;
  if (command.selection.subscribed || command.returned.subscribed) {
    CO_TRY(subscriptions, co_await session.mailboxes().subscriptions(user.account));
  }
  const std::vector<StatusItem>& items = command.returned.status;
  if (asks(items, StatusItem::highest_modseq)) enable_condstore(user);
  const std::vector<ListMatch> matches = match_list(command, mailboxes, subscriptions);
  const std::vector<std::string>& entries = command.returned.metadata;
  CO_TRY(const Noted annotations, co_await noted(user, matches, entries));
  for (const ListMatch& match : matches) {
    print_list(out, match.entry, user.names());
    if (!entries.empty() && match.mailbox != nullptr) {
      print_noted(out, match, annotations, entries, user.names());
    }
    if (!items.empty() && match.mailbox != nullptr) {
      auto answer = co_await status_answer(session, *match.mailbox, items);
      if (answer) print_status(out, match.entry.name, items, *answer, user.names());
    }
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return ok("That is all");
}

Task<Answer> run(Authenticated& user, const Lsub& command) {
  Session& session = user.session;
  CO_TRY(const std::vector<MailboxName> subscriptions,
         co_await session.mailboxes().subscriptions(user.account));
  List list;
  list.reference = command.reference;
  list.patterns = std::vector<std::string>(1, command.pattern);
  list.selection.subscribed = true;
  // "%" shows parents of what is subscribed below, as names that cannot be selected.
  list.selection.recursive_match = command.pattern.find('%') != std::string::npos;
  const std::vector<Mailbox> none;
  const std::vector<ListMatch> matches = match_list(list, none, subscriptions);
  for (const ListMatch& match : matches) {
    print_lsub(session.io.output(), match.entry.name, !match.entry.subscribed, user.names());
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return ok("That is all");
}

}  // namespace postern::imap
