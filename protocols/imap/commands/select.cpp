// SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2, RFC 9051 §6.3.2, RFC 7162 §3.1.2, §3.2.5), CLOSE and UNSELECT
// (RFC 3501 §6.4.2, RFC 3691), CHECK (RFC 3501 §6.4.1).
#include "gateway/async/together.h"
#include "protocols/imap/announce.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/flag_texts.h"
#include "protocols/imap/grammar/sequence_set.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/writer.h"
#include "protocols/imap/vanished.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

namespace {

std::optional<SequenceNumber> first_unseen(const MailboxSnapshot& snapshot) {
  if (snapshot.status().unseen == 0) return std::nullopt;
  std::size_t position = 0;
  for (const auto& page : snapshot.pages()) {
    for (const MessageState& state : page->states) {
      ++position;
      if (!state.has(SystemFlag::seen)) return SequenceNumber(static_cast<std::uint32_t>(position));
    }
  }
  return std::nullopt;
}

// What came after the claim and is seen all the same is claimed, too.
Task<Result<void>> look_and_claim(Session& session, MailboxKey key, SnapshotPtr& snapshot,
                                  std::vector<RecentClaim>& recent) {
  auto claiming = session.mailboxes().claim_recent(key);
  auto looking = session.messages().snapshot(key);
  auto answers = co_await together(session.services.loop, std::move(claiming), std::move(looking));
  CO_TRY(const RecentClaim claimed, std::move(answers.first));
  recent.assign(1, claimed);
  CO_TRY(snapshot, std::move(answers.second));
  if (snapshot->status().uid_next > claimed.end) {
    CO_TRY(const RecentClaim later, co_await session.mailboxes().claim_recent(key));
    recent.push_back(later);
  }
  co_return Result<void>();
}

// Not older than the row that was found. What was rung since it was asked for has had no listener, so then
// the mailbox is asked again.
Task<Result<SnapshotPtr>> look(Session& session, const Mailbox& mailbox, bool rung_since) {
  if (rung_since) co_return co_await session.messages().snapshot(mailbox.key);
  co_return co_await session.messages().snapshot_reaching(mailbox.key, mailbox.status.highest_modseq);
}

// Takes the unclaimed \Recent messages, which makes them this session's alone, while it looks at the mailbox.
// EXAMINE shows them and leaves them (RFC 3501 §6.3.2).
Task<Result<std::unique_ptr<Selected>>> open(Authenticated& user, Mailbox mailbox, bool read_only,
                                             std::uint64_t rings_before) {
  Session& session = user.session;
  const MailboxKey key = mailbox.key;
  const auto on_change = [&session](ModSeq now) {
    if (session.watch && !session.watch->wants_of_selected(NotifyEvent::message_new)) return;
    if (!session.selected || now > session.selected->view.snapshot()->modseq()) session.ring(now);
  };
  Subscription subscription = session.services.store.changes().listen(key, on_change);
  const Uid first_recent = mailbox.status.first_recent;
  std::vector<RecentClaim> recent;
  SnapshotPtr snapshot;
  if (read_only || user.rev2 || first_recent == mailbox.status.uid_next) {
    const bool rung_since = session.services.store.changes().rings() != rings_before;
    CO_TRY(snapshot, co_await look(session, mailbox, rung_since));
  }
  const bool has_new = snapshot && !user.rev2 && first_recent < snapshot->status().uid_next;
  if (has_new && read_only) recent.push_back({first_recent, snapshot->status().uid_next});
  if (!snapshot || (has_new && !read_only)) {
    CO_TRY_VOID(co_await look_and_claim(session, key, snapshot, recent));
  }
  auto selected = std::make_unique<Selected>(user, std::move(mailbox), read_only, std::move(snapshot));
  for (const RecentClaim& claim : recent) selected->view.claim_recent(claim.first, claim.end);
  selected->subscription = std::move(subscription);
  co_return selected;
}

void describe(Selected& selected) {
  const MailboxSnapshot& snapshot = *selected.view.snapshot();
  std::string& out = selected.user.session.io.output();
  print_mailbox_flags(selected);
  Writer writer(out);
  writer.raw("* ").number(selected.view.exists()).raw(" EXISTS").line_end();
  const bool rev2 = selected.user.rev2;
  if (!rev2) writer.raw("* ").number(selected.view.recent_count()).raw(" RECENT").line_end();
  const auto number = first_unseen(snapshot);
  if (number && !rev2 && !selected.user.uid_only) {
    print(out, "", ok(ResponseCode::unseen(raw(*number)), "First unseen message"));
  }
  print(out, "", ok(ResponseCode::uid_validity(snapshot.status().uid_validity), "UIDs are valid"));
  print(out, "", ok(ResponseCode::uid_next(snapshot.status().uid_next), "Next UID"));
  print(out, "", ok(ResponseCode::highest_modseq(snapshot.modseq()), "Highest mod-sequence"));
  print(out, "", ok(ResponseCode::mailbox_id(selected.mailbox.key.mailbox), "Its id"));
  if (rev2) {
    ListEntry entry;
    entry.name = selected.mailbox.name;
    entry.special_use = selected.mailbox.special_use;
    print_list(out, entry, selected.user.names());
  }
}

// What is gone first, then what has changed, both among what the client knows (RFC 7162 §3.2.5.1).
Task<Result<void>> resynchronise(Selected& selected, Resync resync) {
  constexpr std::size_t kStatesPerSlice = 1024;
  const MailboxStatus& status = selected.view.snapshot()->status();
  // Other UIDs: nothing of what the client knows is true.
  if (resync.uid_validity != status.uid_validity) co_return Result<void>();
  const UidSet known = resync.known ? resolve_uids(*resync.known, kUidMax) : UidSet::all();
  CO_TRY_VOID(co_await tell_vanished_since(selected, known, resync.since));
  FlagTexts texts(selected.view);
  for (Uid from{1};;) {
    const auto slice = selected.view.take(known, from, kStatesPerSlice);
    for (const MessageState& state : slice) {
      if (state.modseq <= resync.since) continue;
      FetchResponse response(selected.user.session.io.output(), selected.subject(state.uid));
      if (!selected.user.uid_only) response.uid(state.uid);
      response.flags(texts.of(state));
      response.modseq(state.modseq);
      response.finish();
    }
    if (slice.size() < kStatesPerSlice || slice.back().uid == kUidMax) co_return Result<void>();
    from = Uid(raw(slice.back().uid) + 1);
    CO_TRY_VOID(co_await selected.user.session.flush_if_full());
  }
}

}  // namespace

Task<Answer> run(Authenticated& user, const Select& command) {
  Session& session = user.session;
  if (command.resync && !user.qresync) co_return bad("Enable QRESYNC first");
  if (session.selected) {
    // The open mailbox is left even if the new one cannot be opened (RFC 3501 §6.3.1).
    session.selected.reset();
    print(session.io.output(), "", ok(ResponseCode{"CLOSED"}, "Previous mailbox closed"));
  }
  CO_TRY(const MailboxName name, command.mailbox.existing());
  const std::uint64_t rings_before = session.services.store.changes().rings();
  CO_TRY(Mailbox mailbox, co_await session.mailboxes().find(user.account, name));
  session.heard();  // of the mailbox before
  CO_TRY(session.selected, co_await open(user, std::move(mailbox), command.read_only, rings_before));
  if (command.condstore) user.condstore = true;
  describe(*session.selected);
  if (command.resync) CO_TRY_VOID(co_await resynchronise(*session.selected, *command.resync));
  ResponseCode access{command.read_only ? "READ-ONLY" : "READ-WRITE"};
  co_return ok(std::move(access), "Selected");
}

Task<Answer> run(Selected& selected, const Check&) {
  selected.user.session.look_for_news();
  co_return ok("Done");
}

Task<Answer> run(Selected& selected, const Close&) {
  Session& session = selected.user.session;
  if (!selected.read_only) {
    CO_TRY_VOID(co_await session.messages().expunge(selected.mailbox.key, UidSet::all(), Door::imap));
  }
  session.selected.reset();
  co_return ok("Closed");
}

Task<Answer> run(Selected& selected, const Unselect&) {
  selected.user.session.selected.reset();
  co_return ok("Unselected");
}

}  // namespace postern::imap
