// STATUS (RFC 3501 §6.3.10, RFC 7162 §3.1.7, RFC 7889, 8438, 8474, 9208): counters of the mailbox row.
#include "protocols/imap/commands/status_answer.h"

#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"

namespace postern::imap {

namespace {

// Sizes are listed once for a mailbox, and mostly known.
Task<Result<std::uint64_t>> deleted_octets(Session& session, MailboxKey key) {
  CO_TRY(const SnapshotPtr snapshot, co_await session.messages().snapshot(key));
  UidSet deleted;
  snapshot->each([&deleted](std::size_t, const MessageState& state) {
    if (state.has(SystemFlag::deleted)) deleted.add(state.uid);
  });
  if (deleted.empty()) co_return std::uint64_t{0};
  const Uid first = deleted.first();
  const Uid last = deleted.last();
  CO_TRY(const ListingPtr listing, co_await session.messages().listing(key, first, last));
  std::uint64_t octets = 0;
  for (const auto& [uid, size] : listing->sizes) {
    if (deleted.contains(uid)) octets += size;
  }
  co_return octets;
}

}  // namespace

Task<Result<StatusAnswer>> status_answer(Session& session, Mailbox mailbox,
                                         const std::vector<StatusItem>& items) {
  StatusAnswer answer;
  answer.status = mailbox.status;
  answer.mailbox = mailbox.key.mailbox;
  answer.append_octets_max = session.settings.imap.append_octets_max;
  if (asks(items, StatusItem::recent) && mailbox.status.first_recent < mailbox.status.uid_next) {
    CO_TRY(const SnapshotPtr snapshot, co_await session.messages().snapshot(mailbox.key));
    answer.recent = snapshot->size() - snapshot->rank(mailbox.status.first_recent);
  }
  if (asks(items, StatusItem::deleted_size) && mailbox.status.deleted > 0) {
    CO_TRY(answer.deleted_octets, co_await deleted_octets(session, mailbox.key));
  }
  co_return answer;
}

bool asks(const std::vector<StatusItem>& items, StatusItem item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

Task<Answer> run(Authenticated& user, const Status& command) {
  Session& session = user.session;
  CO_TRY(const MailboxName name, command.mailbox.existing());
  CO_TRY(Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
  CO_TRY(const StatusAnswer answer, co_await status_answer(session, std::move(mailbox), command.items));
  if (asks(command.items, StatusItem::highest_modseq)) enable_condstore(user);
  print_status(session.io.output(), name, command.items, answer, user.names());
  co_return ok("That is all");
}

}  // namespace postern::imap
