// SEARCH and UID SEARCH (RFC 3501 §6.4.4), ESEARCH (RFC 4731), MODSEQ (RFC 7162 §3.1.5). The store finds;
// here the client's numbers become UIDs and the other way round.
#include "protocols/imap/grammar/search.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

namespace {

struct Found {
  std::vector<std::uint32_t> numbers;  // or UIDs
  std::vector<ModSeq> modseqs;         // alongside, if asked for
};

// Only what the client knows of: not the ghosts, and not what has arrived since.
Found in_view(const MailboxView& view, const UidSet& uids, bool as_uids, bool with_modseq) {
  Found found;
  view.snapshot()->each(uids, [&](std::size_t position, const MessageState& state) {
    found.numbers.push_back(as_uids ? raw(state.uid) : raw(view.number_at(position, state.uid)));
    if (with_modseq) found.modseqs.push_back(state.modseq);
  });
  return found;
}

// The greatest of the messages that the answer names: only the first and last if nothing but MIN and MAX was
// asked for (RFC 7162 §3.1.5).
std::optional<ModSeq> modseq_of(const Found& found, const std::optional<Search::Return>& returned) {
  if (found.modseqs.empty()) return std::nullopt;
  if (returned && (returned->min || returned->max) && !returned->all && !returned->count) {
    ModSeq modseq{};
    if (returned->min) modseq = found.modseqs.front();
    if (returned->max) modseq = std::max(modseq, found.modseqs.back());
    return modseq;
  }
  return *std::max_element(found.modseqs.begin(), found.modseqs.end());
}

}  // namespace

Task<Answer> run(Selected& selected, const Search& command) {
  Session& session = selected.user.session;
  if (command.charset_refused) {
    StatusResponse refused = no("", "Charset not known here");
    refused.code = ResponseCode::bad_charset(kSearchCharsets);
    co_return refused;
  }
  const bool with_modseq = command.program.uses_modseq;
  if (with_modseq) enable_condstore(selected.user);
  const MailboxView& view = selected.view;
  SearchView context;
  context.exists = view.exists();
  context.uid = [&view](std::uint32_t number) { return view.uid_at(SequenceNumber(number)); };
  context.recent = view.recent();
  CO_TRY(SearchCriteria criteria, resolve(command.program, context));

  const auto gone = [&session] { return session.io.stream().ended(); };
  std::function<bool()> cancelled = gone;
  CO_TRY(const UidSet uids,
         co_await session.messages().search(selected.mailbox.key, std::move(criteria), std::move(cancelled)));
  const Found found = in_view(view, uids, command.uid, with_modseq);
  const std::optional<ModSeq> modseq = modseq_of(found, command.returned);
  std::string& out = session.io.output();
  if (command.returned) {
    print_esearch(out, {session.tag(), command.uid, *command.returned, modseq}, found.numbers);
  } else {
    print_search(out, found.numbers, modseq);
  }
  co_return ok("Searched");
}

}  // namespace postern::imap
