// One client's connection (RFC 3501 §3). The session waits in one place, next_event(), and reads only while
// it waits: nothing is parsed ahead of its turn, so STARTTLS, literals and the end of IDLE need no special
// care. Output is corked and leaves when the session is about to wait.
//
// What is true in a state is a type: NotAuthenticated, Authenticated, Selected. commands/run.h has the
// commands that each of them takes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "config/settings.h"
#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"
#include "protocols/imap/command_table.h"
#include "protocols/imap/grammar/framer.h"
#include "protocols/imap/mailbox_view.h"
#include "protocols/imap/response/fetch.h"
#include "protocols/imap/response/status.h"
#include "protocols/shared/account_watch.h"
#include "protocols/shared/login.h"

namespace postern::imap {

class OrderCache;
class Session;
class Watch;

struct Input {
  explicit Input(Result<Line> l) : line(std::move(l)) {}
  Result<Line> line;
};
struct Changed {};   // the selected mailbox, or what is watched; sent once until somebody looks
struct Expired {};   // the time that the waiter gave has passed
struct Stopping {};  // the server is going down, or the account may not be here any more
using Event = std::variant<Input, Changed, Expired, Stopping>;

struct NotAuthenticated {
  Session& session;
  unsigned bad_commands = 0;
  unsigned failures = 0;  // of LOGIN and AUTHENTICATE
};

struct Authenticated {
  Session& session;
  AccountId account{};
  bool condstore = false;  // a CONDSTORE-enabling command has been given (RFC 7162 §3.1)
  // By ENABLE:
  bool qresync = false;      // RFC 7162 §3.2.3
  bool uid_only = false;     // RFC 9586
  bool utf8_accept = false;  // RFC 6855
  bool rev2 = false;         // RFC 9051

  // VANISHED takes the place of EXPUNGE.
  bool tells_vanished() const { return qresync || uid_only; }
  NameSpelling names() const {
    return rev2 || utf8_accept ? NameSpelling::utf8 : NameSpelling::modified_utf7;
  }
};

struct Selected {
  Selected(Authenticated& u, Mailbox m, bool only_read, SnapshotPtr snapshot)
      : user(u), mailbox(std::move(m)), read_only(only_read), view(std::move(snapshot)) {}
  Authenticated& user;
  const Mailbox mailbox;  // name, role and UIDVALIDITY; its counters are of the moment of SELECT
  const bool read_only;   // EXAMINE
  MailboxView view;
  UidSet own_messages;  // that this session has put here and not been told of
  UidSet saved;         // "$", by the last SEARCH that said so (RFC 5182)

  // What a command's set means: message numbers, UIDs, or what was saved. Errors as MailboxView::resolve.
  Result<MailboxView::Named> named(const SequenceSet& set, bool as_uids) const;
  // Under which number a FETCH response tells of a message.
  FetchSubject subject(Uid uid) const;
  Subscription subscription;  // to the mailbox's doorbell
};

class Session {
 public:
  Session(Connection from, const Settings& given, const Services& borrowed, OrderCache& kept_orders);
  ~Session();

  // Until the client or the server ends it.
  Task<void> serve();

  // --- for the commands ---------------------------------------------------------------------------------
  const Settings& settings;
  const Services& services;
  OrderCache& orders;     // of all sessions
  Connection connection;  // without its stream, which is io's
  LineIo io;
  NotAuthenticated stranger{*this};
  std::optional<Authenticated> user;
  std::unique_ptr<Selected> selected;
  std::unique_ptr<Watch> watch;  // since NOTIFY was given

  const std::string& tag() const { return tag_; }
  LoginContext login_context() const;
  MessageStore& messages() { return services.store.messages(); }
  MailboxStore& mailboxes() { return services.store.mailboxes(); }

  // The next thing that happens. Flushes first if that means waiting. Changed and Expired are told as they
  // are; a line is at most Framer::line_octets_max().
  Task<Event> next_event(SteadyTime until);
  // The next line, whatever changes meanwhile. closed: no more input, and the session has ended.
  Task<Result<Line>> next_line();
  // Literals. The view lives until the next co_await.
  Task<Result<std::string_view>> read_some(std::size_t octets_max);
  Task<Result<void>> flush();
  Task<Result<void>> flush_if_full();
  Task<Result<void>> write(std::string_view octets);

  // When a silent client is given up: counted from its last line.
  SteadyTime idle_until() const;

  void log_in(AccountId account);
  // The user and the open mailbox are gone afterwards.
  Task<void> log_out();
  // The selected mailbox has changed, up to `now`: announce_changes will look.
  void ring(ModSeq now);
  // Something that is watched has changed.
  void wake();
  // The same from a command, which need not wake the session up. Without a mod-sequence the mailbox is looked
  // at as it is then, whatever is known of it.
  void look_for_news(ModSeq reaching = kAsItIs) { news_wanted_ = std::max(news_wanted_, reaching); }
  static constexpr ModSeq kAsItIs{std::numeric_limits<std::uint64_t>::max()};
  // There may be something to tell that may be told now.
  bool has_news(Expunges expunges) const;
  // When the mailbox rang first since it was last asked; nullopt: it has not.
  std::optional<SteadyTime> take_rung_at() { return std::exchange(rung_at_, std::nullopt); }
  // How far the news must reach; from now on nothing is wanted.
  ModSeq heard() { return std::exchange(news_wanted_, ModSeq(0)); }

  // Octets of a message literal that the client sends in any case (RFC 7888); what a command leaves of them
  // is read and dropped.
  std::uint64_t unread_message_octets = 0;
  bool compressed = false;  // both directions (RFC 4978)

  // The tagged answer before the command is over; what the handler returns then is not told.
  void answer_now(const StatusResponse& answer);
  // No further command is read. The farewell is told unless the connection is gone.
  void end(StatusResponse farewell);
  void end_by_stop();  // with the farewell that Stopping asks for
  void lose() { ended_ = lost_ = true; }
  bool ended() const { return ended_; }
  bool lost() const { return lost_; }  // the connection itself

 private:
  Task<void> read_line_into_inbox();
  Task<void> greet_and_obey();
  Task<FramerState> next_command();
  // The line that begins a command; what is watched is told until it comes.
  Task<Result<Line>> next_first_line();
  Task<FramerState> collect(FramerState state);
  Task<void> execute_frame(bool with_message);
  Task<void> refuse_frame();
  void note_answer(const StatusResponse& answer);
  Deadline output_deadline() const;

  SteadyTime life_until_;  // before log-in
  SteadyTime last_input_;
  Framer framer_;
  std::string tag_;
  bool line_asked_ = false;    // and not yet taken from the inbox: never two, so nothing is read ahead
  ModSeq news_wanted_{};       // 0: none
  bool changed_sent_ = false;  // and still in the inbox
  std::optional<SteadyTime> rung_at_;
  bool ended_ = false;
  bool lost_ = false;
  bool revoked_ = false;  // by an administrator
  std::uint32_t commands_ = 0;
  std::string farewell_;  // for the log
  Channel<Event> inbox_;
  Timer timer_;
  std::optional<StopSignal::Handle> stop_;
  std::unique_ptr<AccountWatch> watch_;
  TaskScope scope_;  // the reader
};

}  // namespace postern::imap
