// SEARCH and UID SEARCH (RFC 3501 §6.4.4, RFC 9051 §6.4.4, RFC 4731, RFC 5182, RFC 7162 §3.1.5, RFC 9394).
#include "protocols/imap/commands/run.h"
#include "protocols/imap/finding.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Task<Answer> run(Selected& selected, const Search& command) {
  Session& session = selected.user.session;
  // SORT and THREAD name a charset in any case (RFC 6855 §3).
  if (selected.user.utf8_accept && command.charset_given) co_return bad("Everything is UTF-8 here");
  if (auto refused = refusal_of_search(selected, command)) co_return *std::move(refused);
  CO_TRY(Found found, co_await find_messages(selected, command));
  const std::uint32_t messages_max = session.settings.imap.command_messages_max;
  const std::optional<Uid> lowest = keep_newest(found, messages_max);
  save_found(selected, command, found);

  const std::optional<ModSeq> modseq = modseq_of(found, command.returned);
  std::string& out = session.io.output();
  Search::Return returned;
  returned.all = true;  // what IMAP4rev2 answers unless it is told otherwise
  if (command.returned) returned = *command.returned;
  if (!command.returned && !selected.user.rev2) {
    print_search(out, found.numbers, modseq);
  } else if (returned.answers()) {
    print_esearch(out, {session.tag(), command.uid, returned, modseq}, found.numbers);
  }
  if (lowest) co_return ok(ResponseCode::message_limit(messages_max, lowest), "The newest are told");
  co_return ok("Searched");
}

}  // namespace postern::imap
