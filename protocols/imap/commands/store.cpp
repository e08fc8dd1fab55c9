// STORE and UID STORE (RFC 3501 §6.4.6, RFC 7162 §3.1.3).
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/message_limit.h"
#include "protocols/imap/progress.h"
#include "protocols/imap/response/fetch.h"

namespace postern::imap {

namespace {

// With CONDSTORE a silent STORE still tells the new mod-sequence (RFC 7162 §3.1.3).
Task<Result<void>> print_modseqs(Selected& selected, UidSet uids, bool with_uid) {
  constexpr std::size_t kStatesPerSlice = 1024;
  Session& session = selected.user.session;
  Uid from{1};
  while (true) {
    const auto slice = selected.view.take(uids, from, kStatesPerSlice);
    for (const MessageState& state : slice) {
      FetchResponse response(session.io.output(), selected.subject(state.uid));
      if (with_uid && !selected.user.uid_only) response.uid(state.uid);
      response.modseq(state.modseq);
      response.finish();
    }
    if (slice.size() < kStatesPerSlice || slice.back().uid == kUidMax) co_return Result<void>();
    from = Uid(raw(slice.back().uid) + 1);
    CO_TRY_VOID(co_await session.flush_if_full());
  }
}

std::string set_text(const MailboxView& view, const UidSet& uids, bool as_uids) {
  if (as_uids) return uids.to_text();
  std::vector<std::uint32_t> numbers;
  uids.each([&](Uid uid) { numbers.push_back(raw(view.number_of(uid))); });
  return to_sequence_text(numbers);
}

}  // namespace

Task<Answer> run(Selected& selected, const Store& command) {
  Session& session = selected.user.session;
  if (selected.read_only) co_return no("READ-ONLY", "Opened with EXAMINE");
  CO_TRY(MailboxView::Named named, selected.named(command.set, command.uid));
  if (command.unchanged_since) enable_condstore(selected.user);
  // Acting on the others and saying OK would hide that somebody was quicker (RFC 2180 §4.2).
  if (named.ghosts && !command.uid) co_return no("EXPUNGEISSUED", "Some of these messages are gone");
  if (named.uids.empty()) co_return ok("Nothing to store");

  const std::uint32_t messages_max = session.settings.imap.command_messages_max;
  WithinLimit part = within_limit(selected.view, std::move(named.uids), messages_max);
  auto storing = session.messages().store_flags(selected.mailbox.key, std::move(part.uids), command.change,
                                                command.unchanged_since);
  CO_TRY(FlagsStored stored, co_await with_progress(session, std::move(storing)));
  Echo echo;
  echo.with_uid = command.uid;
  if (command.silent) {
    selected.view.changed_here(stored.changed, command.change, stored.modseq);
  } else {
    echo.uids = stored.changed;
    echo.uids.add(stored.unchanged);
  }
  session.look_for_news(stored.modseq);
  // Numbers of the moment before anything else is told: EXPUNGE stays held back either way.
  const std::string refused = set_text(selected.view, stored.refused, command.uid);
  CO_TRY_VOID(co_await announce_changes(session, Expunges::held_back, std::move(echo)));
  if (command.silent && selected.user.condstore) {
    CO_TRY_VOID(co_await print_modseqs(selected, std::move(stored.changed), command.uid));
  }
  StatusResponse answer = ok("Stored");
  if (!refused.empty()) answer = ok(ResponseCode::modified(refused), "Some were changed meanwhile");
  if (!part.lowest) co_return answer;
  if (!refused.empty()) print(session.io.output(), "", answer);
  co_return ok(ResponseCode::message_limit(messages_max, part.lowest), "The newest are done");
}

}  // namespace postern::imap
