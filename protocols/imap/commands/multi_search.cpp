// ESEARCH (RFC 7377): one search of several mailboxes, one after the other, each with an answer of its own.
#include <algorithm>

#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/finding.h"
#include "protocols/imap/mailbox_filter.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

namespace {

// What is searched, and as what it is known: the selected mailbox as the client knows it.
struct Searched {
  Mailbox mailbox;
  MailboxView view;
};

bool only_selected(const MultiSearch& command) {
  return std::all_of(command.sources.begin(), command.sources.end(), is_of_selected);
}

bool needs_selected(const MultiSearch& command) {
  return command.sources.empty() ||
         std::any_of(command.sources.begin(), command.sources.end(), is_of_selected);
}

std::optional<StatusResponse> refusal_of(Authenticated& user, const MultiSearch& command) {
  Selected* selected = user.session.selected.get();
  if (needs_selected(command) && selected == nullptr) return bad("Select a mailbox first");
  const Search& search = command.search;
  if (user.utf8_accept && search.charset_given) return bad("Everything is UTF-8 here");
  const bool of_selected = names(search.program, SearchSet::Kind::numbers) ||
                           names(search.program, SearchSet::Kind::saved) || search.returned->save;
  if (of_selected && !only_selected(command)) return bad("Expected the selected mailbox alone");
  if (selected != nullptr) return refusal_of_search(*selected, search);
  return refusal_of_charset(search);
}

Task<Result<std::vector<Mailbox>>> mailboxes_meant(Authenticated& user, const MultiSearch& command) {
  Session& session = user.session;
  std::vector<Mailbox> meant;
  if (only_selected(command)) {
    meant.push_back(session.selected->mailbox);
    co_return meant;
  }
  CO_TRY(const std::vector<Mailbox> all, co_await session.mailboxes().list(user.account));
  CO_TRY(const std::vector<MailboxName> names, co_await session.mailboxes().subscriptions(user.account));
  const std::set<MailboxName> subscriptions(names.begin(), names.end());
  for (const Mailbox& mailbox : all) {
    const bool selected = session.selected && session.selected->mailbox.key == mailbox.key;
    const auto means = [&](const MailboxFilter& filter) {
      return is_of_selected(filter) ? selected : matches(filter, mailbox.name, subscriptions);
    };
    if (std::any_of(command.sources.begin(), command.sources.end(), means)) meant.push_back(mailbox);
  }
  co_return meant;
}

// not_found: gone meanwhile.
Task<Result<Found>> find_in(Authenticated& user, const Mailbox& mailbox, const Search& search) {
  Session& session = user.session;
  if (session.selected && session.selected->mailbox.key == mailbox.key) {
    co_return co_await find_messages(*session.selected, search);
  }
  CO_TRY(SnapshotPtr snapshot, co_await session.messages().snapshot(mailbox.key));
  const MailboxView view(std::move(snapshot));
  const UidSet nothing_saved;
  co_return co_await find_messages(user, mailbox.key, view, nothing_saved, search);
}

}  // namespace

Task<Answer> run(Authenticated& user, const MultiSearch& command) {
  Session& session = user.session;
  if (auto refused = refusal_of(user, command)) co_return *std::move(refused);
  const Search& search = command.search;
  CO_TRY(const std::vector<Mailbox> meant, co_await mailboxes_meant(user, command));
  for (const Mailbox& mailbox : meant) {
    const auto found = co_await find_in(user, mailbox, search);
    if (!found && found.error().kind == ErrorKind::not_found && !only_selected(command)) continue;
    if (!found) co_return found.error();
    if (search.returned->save) save_found(*session.selected, search, *found);
    if (found->uids.empty() || !search.returned->answers()) continue;
    SearchAnswer answer{session.tag(), true, *search.returned, modseq_of(*found, search.returned)};
    answer.mailbox = &mailbox;
    answer.names = user.names();
    print_esearch(session.io.output(), answer, found->numbers);
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return ok("Searched");
}

}  // namespace postern::imap
