// EXPUNGE and POP3's deletions: UIDs leave the pages, the log remembers them, counters and quota follow.
#include "storage/postgres/messages.h"
#include "storage/postgres/messages_state.h"

namespace postern::postgres {

namespace {

constexpr Statement kExpungedAt{"expunged_at", R"sql(
  SELECT uids FROM expunged
   WHERE account_id = $1::bigint AND mailbox_id = $2::bigint AND modseq = $3::bigint)sql"};

UidSet present(const MailboxSnapshot& snapshot, const UidSet& asked, bool deleted_only) {
  UidSet uids;
  snapshot.each(asked, [&uids, deleted_only](std::size_t, const MessageState& state) {
    if (!deleted_only || state.has(SystemFlag::deleted)) uids.add(state.uid);
  });
  return uids;
}

}  // namespace

Task<Result<Expunged>> PostgresMessages::expunge(MailboxKey mailbox, UidSet uids, Removal removal) {
  co_return co_await take_out(mailbox, std::move(uids), std::move(removal), true);
}

Task<Result<Expunged>> PostgresMessages::remove(MailboxKey mailbox, UidSet uids, Removal removal) {
  co_return co_await take_out(mailbox, std::move(uids), std::move(removal), false);
}

Task<Result<Expunged>> PostgresMessages::take_out(MailboxKey mailbox, UidSet asked, Removal removal,
                                                  bool deleted_only) {
  StateWriter writer(database_, index_, doorbell_, mailbox);
  Expunged expunged;
  for (;;) {
    CO_TRY(SnapshotPtr snapshot, co_await writer.begin_round());
    if (writer.in_doubt()) {
      // The log says whether the round in doubt was ours: nobody else removes the very same UIDs at that
      // modseq.
      Params params(mailbox.account, mailbox.mailbox, expunged.modseq);
      CO_TRY(Rows rows, co_await database_.query(Lane::read, kExpungedAt, std::move(params)));
      if (!rows.empty() && rows[0].get<std::string_view>(0) == expunged.uids.to_text()) {
        doorbell_.ring(mailbox, expunged.modseq);
        co_return expunged;
      }
    }
    StateChange change(snapshot);
    vanish(change, present(*snapshot, asked, deleted_only));
    expunged.uids = change.vanished;
    expunged.modseq = change.empty() ? snapshot->modseq() : change.modseq();
    if (change.empty() && writer.unverified()) continue;
    if (change.empty()) co_return expunged;
    CO_TRY(const bool written, co_await writer.write(std::move(change), removal));
    if (written) co_return expunged;
  }
}

}  // namespace postern::postgres
