// EXPUNGE (RFC 3501 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). The numbers are told by announce_changes.
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/message_limit.h"
#include "protocols/imap/progress.h"

namespace postern::imap {

namespace {

Task<Answer> expunge(Selected& selected, UidSet uids) {
  Session& session = selected.user.session;
  if (selected.read_only) co_return no("READ-ONLY", "Opened with EXAMINE");
  if (!uids.empty()) {
    auto expunging = session.messages().expunge(selected.mailbox.key, std::move(uids), Door::imap);
    CO_TRY(const Expunged expunged, co_await with_progress(session, std::move(expunging)));
    session.look_for_news(expunged.modseq);
    // HIGHESTMODSEQ must not name what has not been told yet (RFC 7162 §3.2.7).
    if (selected.user.condstore && !expunged.uids.empty()) {
      CO_TRY_VOID(co_await announce_changes(session, Expunges::allowed));
      co_return ok(ResponseCode::highest_modseq(selected.view.snapshot()->modseq()), "Expunged");
    }
  }
  co_return ok("Expunged");
}

}  // namespace

Task<Answer> run(Selected& selected, const Expunge&) {
  UidSet all = UidSet::all();
  co_return co_await expunge(selected, std::move(all));
}

Task<Answer> run(Selected& selected, const UidExpunge& command) {
  CO_TRY(MailboxView::Named named, selected.named(command.uids, true));
  const std::uint32_t messages_max = selected.user.session.settings.imap.command_messages_max;
  WithinLimit part = within_limit(selected.view, std::move(named.uids), messages_max);
  Answer answer = co_await expunge(selected, std::move(part.uids));
  if (!answer || answer->condition != Condition::ok || !part.lowest) co_return answer;
  if (!answer->code.text.empty()) print(selected.user.session.io.output(), "", *answer);
  co_return ok(ResponseCode::message_limit(messages_max, part.lowest), "The newest are done");
}

}  // namespace postern::imap
