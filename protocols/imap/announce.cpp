#include "protocols/imap/announce.h"

#include "protocols/imap/fetch_message.h"
#include "protocols/imap/flag_texts.h"
#include "protocols/imap/response/fetch.h"
#include "protocols/imap/response/mailboxes.h"
#include "protocols/imap/response/writer.h"
#include "protocols/imap/watch.h"

namespace postern::imap {

namespace {

constexpr std::size_t kStatesPerSlice = 1024;

// A state that reaches as far as is wanted. New messages are claimed before they are told, so that what is
// told as \Recent is this session's alone.
Task<Result<SnapshotPtr>> latest(Selected& selected, ModSeq wanted) {
  Session& session = selected.user.session;
  const MailboxKey key = selected.mailbox.key;
  const ModSeq told = selected.view.snapshot()->modseq();
  CO_TRY(SnapshotPtr now, co_await session.messages().snapshot_reaching(key, std::max(wanted, told)));
  const Uid known_next = selected.view.snapshot()->status().uid_next;
  if (now->status().uid_next == known_next || selected.user.rev2) co_return now;
  RecentClaim recent;
  if (selected.read_only) {
    CO_TRY(now, co_await session.messages().snapshot(key));  // what others claim raises no mod-sequence
    recent.first = now->status().first_recent;
    recent.end = now->status().uid_next;
  } else {
    CO_TRY(recent, co_await session.mailboxes().claim_recent(key));
    if (recent.end > now->status().uid_next) {
      CO_TRY(now, co_await session.messages().snapshot(key));
    }
  }
  selected.view.claim_recent(std::max(recent.first, known_next), recent.end);
  co_return now;
}

// "* n FETCH (UID u FLAGS (…) MODSEQ (m))" for those of `uids` that are in the view.
Task<Result<void>> print_flag_changes(Selected& selected, UidSet uids, bool with_uid) {
  Session& session = selected.user.session;
  const bool condstore = selected.user.condstore;
  FlagTexts texts(selected.view);
  Uid from{1};
  while (!uids.empty()) {
    const auto slice = selected.view.take(uids, from, kStatesPerSlice);
    if (slice.empty()) break;
    for (const MessageState& state : slice) {
      FlagsNews news;
      news.flags = texts.of(state);
      if ((with_uid || condstore) && !selected.user.uid_only) news.uid = state.uid;
      if (condstore) news.modseq = state.modseq;
      print_flags_change(session.io.output(), selected.subject(state.uid), news);
    }
    if (slice.back().uid == kUidMax) break;
    from = Uid(raw(slice.back().uid) + 1);
    CO_TRY_VOID(co_await session.flush_if_full());
  }
  co_return Result<void>();
}

// What NOTIFY asked to be told of new messages; not of those that this very client has put there.
Task<Result<void>> fetch_new(Selected& selected, Uid from) {
  Session& session = selected.user.session;
  const UidSet own = std::exchange(selected.own_messages, UidSet());
  if (!session.watch || session.watch->fetched().empty()) co_return Result<void>();
  UidSet uids;
  const UidSet above = UidSet::of(from, kUidMax);
  selected.view.snapshot()->each(above, [&](std::size_t, const MessageState& state) {
    if (!own.contains(state.uid)) uids.add(state.uid);
  });
  Fetch fetch;
  fetch.items = session.watch->fetched();
  co_return co_await fetch_messages(selected, fetch, std::move(uids));
}

bool wants(const Session& session, NotifyEvent event) {
  return !session.watch || session.watch->wants_of_selected(event);
}

Expunges between_commands(const Session& session) {
  return session.watch->delays_expunges() ? Expunges::held_back : Expunges::allowed;
}

}  // namespace

bool has_watched_news(const Session& session) {
  if (!session.watch) return false;
  return session.watch->has_news() ||
         (wants(session, NotifyEvent::message_new) && session.has_news(between_commands(session)));
}

Task<Result<void>> tell_watched_news(Session& session) {
  if (!session.watch) co_return Result<void>();
  if (wants(session, NotifyEvent::message_new) && session.has_news(between_commands(session))) {
    CO_TRY_VOID(co_await announce_changes(session, between_commands(session)));
  }
  if (session.ended()) co_return Result<void>();
  co_return co_await session.watch->tell();
}

Task<Result<void>> announce_changes(Session& session, Expunges expunges) {
  return announce_changes(session, expunges, Echo());
}

Task<Result<void>> announce_changes(Session& session, Expunges expunges, Echo echo) {
  if (!session.selected) co_return Result<void>();
  Selected& selected = *session.selected;
  // Before the question, so that what rings during the answer is not lost.
  const ModSeq wanted = session.heard();
  Result<SnapshotPtr> now = co_await latest(selected, wanted);
  if (!now) {
    session.ring(wanted);
    if (now.error().kind == ErrorKind::not_found) session.end(bye("", "The selected mailbox was deleted"));
    co_return std::move(now).error();
  }
  MailboxView& view = selected.view;
  const Uid known_next = view.snapshot()->status().uid_next;
  MailboxView::News news = view.advance(*std::move(now));
  Writer out(session.io.output());
  if (expunges == Expunges::allowed && selected.user.tells_vanished()) {
    print_vanished(session.io.output(), view.bury_ghosts_by_uid(), Vanished::now);
  } else if (expunges == Expunges::allowed && view.has_ghosts()) {
    for (const SequenceNumber number : view.bury_ghosts()) {
      out.raw("* ").number(raw(number)).raw(" EXPUNGE").line_end();
    }
  }
  if (news.exists) {
    out.raw("* ").number(view.exists()).raw(" EXISTS").line_end();
    if (!selected.user.rev2) out.raw("* ").number(view.recent_count()).raw(" RECENT").line_end();
  }
  if (news.keywords) print_mailbox_flags(selected);
  if (news.exists) CO_TRY_VOID(co_await fetch_new(selected, known_next));
  if (!wants(session, NotifyEvent::flag_change)) news.flags = UidSet();
  news.flags.add(echo.uids);
  const bool with_uid = echo.with_uid || session.watch;  // RFC 5465 §5.1
  co_return co_await print_flag_changes(selected, std::move(news.flags), with_uid);
}

void print_mailbox_flags(Selected& selected) {
  PermanentFlags permanent;
  permanent.read_only = selected.read_only;
  for (const std::string& name : selected.view.snapshot()->keywords().names()) {
    if (!name.empty()) permanent.keywords.push_back(name);
  }
  permanent.can_create = permanent.keywords.size() < kKeywordsPerMailboxMax;
  std::string& out = selected.user.session.io.output();
  print_flags(out, permanent.keywords);
  print(out, "", ok(ResponseCode::permanent_flags(permanent), "Flags that can be kept"));
}

}  // namespace postern::imap
