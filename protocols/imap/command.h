// The commands of IMAP4rev1 (RFC 3501), IMAP4rev2 (RFC 9051) and of the announced extensions, as plain
// values. The grammar makes them, the commands act on them; neither a session nor an octet of the wire is in
// reach here. The values that several commands share stand in argument.h.
//
// A later extension adds a member to the command that it extends, or a struct and its name in `Command`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/secret.h"
#include "protocols/imap/argument.h"
#include "storage/model/annotation.h"
#include "storage/model/flags.h"
#include "storage/model/mailbox.h"
#include "storage/model/search.h"

namespace postern::imap {

// --- any state
// ----------------------------------------------------------------------------------------------

struct Capability {};
struct Noop {};
struct Logout {};

struct Id {  // RFC 2971
  using Field = std::pair<std::string, std::optional<std::string>>;
  std::vector<Field> fields;  // empty: NIL
};

// --- before log-in
// ------------------------------------------------------------------------------------------

struct StartTls {};

struct Authenticate {
  std::string mechanism;                   // upper case
  std::optional<Secret> initial_response;  // RFC 4959, base64 undone; "=" is an empty one, not an absent one
};

struct Login {
  std::string user;
  Secret password;
};

// --- after log-in
// -------------------------------------------------------------------------------------------

struct Enable {                           // RFC 5161
  std::vector<std::string> capabilities;  // upper case, unknown ones included
};

// What a client still knows of the mailbox that it opens (RFC 7162 §3.2.5). Its pairs of message numbers and
// UIDs are read and left: the log of expunges here has no beginning to which they would be a remedy.
struct Resync {
  UidValidity uid_validity{};
  ModSeq since{};
  std::optional<SequenceSet> known;  // UIDs; absent: all
  friend bool operator==(const Resync&, const Resync&) = default;
};

struct Select {
  MailboxArgument mailbox;
  bool read_only = false;  // EXAMINE
  bool condstore = false;  // RFC 7162 §3.1.8
  std::optional<Resync> resync;
};

struct Create {
  MailboxArgument mailbox;
  SpecialUse special_use = SpecialUse::none;  // RFC 6154 §3
  bool special_use_refused = false;           // several uses, or one that is not known here: NO [USEATTR]
};

struct Delete {
  MailboxArgument mailbox;
};

struct Rename {
  MailboxArgument from;
  MailboxArgument to;
};

struct Subscribe {
  MailboxArgument mailbox;
};

struct Unsubscribe {
  MailboxArgument mailbox;
};

// RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154. Reference and patterns are UTF-8; grammar/mailbox_name.h
// matches names against them.
struct List {
  struct Selection {
    bool subscribed = false;
    bool remote = false;
    bool recursive_match = false;
    bool special_use = false;
    friend bool operator==(const Selection&, const Selection&) = default;
  };
  struct Return {
    bool subscribed = false;
    bool children = false;
    bool special_use = false;
    std::vector<StatusItem> status;     // empty: STATUS was not asked for
    std::vector<std::string> metadata;  // entries in lower case (RFC 9590); empty: not asked for
    friend bool operator==(const Return&, const Return&) = default;
  };
  std::string reference;
  std::vector<std::string> patterns;  // at least one
  Selection selection;
  Return returned;
  bool extended = false;  // any RFC 5258 syntax was used
};

struct Lsub {
  std::string reference;
  std::string pattern;
};

struct Namespace {};  // RFC 2342

struct Status {
  MailboxArgument mailbox;
  std::vector<StatusItem> items;  // at least one
};

// Parts of messages of which a new one is made (RFC 4469), in front of the octets of a TEXT or of the end.
struct CatenatedParts {
  std::vector<std::string> urls;
  bool closed = false;  // no TEXT follows
};

// Everything of a message to be appended but its octets, which follow on the connection.
struct AppendMessage {
  Flags flags;
  std::optional<WallTime> internal_date;
  std::int16_t internal_zone_minutes = 0;
  std::uint64_t octets = 0;
  bool synchronizing = true;  // false: {n+}, the octets come without being asked for (RFC 7888)
  bool binary = false;        // ~{n}, which may hold NUL (RFC 3516 §4.4)
  std::optional<CatenatedParts> catenated = std::nullopt;
  bool in_utf8 = false;  // UTF8 (~{n}…), whose parenthesis is still to come (RFC 6855 §4)
};

// Of several messages (RFC 3502) this is the first; the line behind its octets begins the next.
struct Append {
  MailboxArgument mailbox;
  AppendMessage message;
  std::vector<AppendMessage> more;  // announced in the same line, where there is no TEXT between them
};

struct Replace {  // RFC 8508
  SequenceSet::Range message;
  bool uid = false;
  Append with;
};

struct Idle {};  // RFC 2177

struct Unauthenticate {};  // RFC 8437

struct Compress {         // RFC 4978
  std::string mechanism;  // upper case
};

// RFC 5464. Entries are in lower case.
struct GetMetadata {
  std::optional<MailboxArgument> mailbox;  // absent: the account's own annotations
  AnnotationsWanted wanted;
};

struct SetMetadata {
  std::optional<MailboxArgument> mailbox;
  std::vector<Annotation> values;  // each entry once: the last one counts
};

struct GetQuota {  // RFC 9208
  std::string root;
};

struct GetQuotaRoot {
  MailboxArgument mailbox;
};

// --- with a mailbox open
// ------------------------------------------------------------------------------------

struct Check {};
struct Close {};
struct Unselect {};  // RFC 3691
struct Expunge {};

struct UidExpunge {  // RFC 4315
  SequenceSet uids;
};

// A set that only the session can turn into UIDs.
struct SearchSet {
  enum class Kind : std::uint8_t { numbers, uids, recent, saved, email_id };
  Kind kind = Kind::numbers;
  SequenceSet set = {};       // of numbers and uids
  std::string email_id = {};  // RFC 8474
  friend bool operator==(const SearchSet&, const SearchSet&) = default;
};

// A query in which each key of kind `uids` names, by `number`, one of `sets`. grammar/search.h resolves it.
struct SearchProgram {
  SearchKey root;
  std::vector<SearchSet> sets;
  bool uses_modseq =
      false;  // such a SEARCH enables CONDSTORE and its answer carries MODSEQ (RFC 7162 §3.1.5)
};

struct Search {
  struct Return {  // RFC 4731
    bool min = false;
    bool max = false;
    bool all = false;
    bool count = false;
    bool save = false;                             // RFC 5182
    std::optional<Window> partial = std::nullopt;  // RFC 9394
    // Something is to be answered, not only saved.
    bool answers() const { return min || max || all || count || partial; }
    friend bool operator==(const Return&, const Return&) = default;
  };
  SearchProgram program;
  std::optional<Return> returned;  // given: answer ESEARCH. RETURN () means ALL and is stored so.
  bool charset_given = false;
  bool charset_refused = false;  // NO [BADCHARSET]
  bool uid = false;
};

struct MultiSearch {                   // ESEARCH, RFC 7377
  std::vector<MailboxFilter> sources;  // empty: the selected mailbox
  Search search;                       // by UID, and always with RETURN
};

enum class SortKind : std::uint8_t {
  arrival,
  cc,
  date,
  from,
  size,
  subject,
  to,
  display_from,  // RFC 5957
  display_to,
};
struct SortKey {
  SortKind kind = SortKind::arrival;
  bool reverse = false;
  friend bool operator==(const SortKey&, const SortKey&) = default;
};

struct Sort {                 // RFC 5256, RFC 5267
  std::vector<SortKey> keys;  // at least one
  Search search;
};

enum class ThreadAlgorithm : std::uint8_t { ordered_subject, references };
struct Thread {  // RFC 5256
  ThreadAlgorithm algorithm = ThreadAlgorithm::references;
  Search search;
};

struct UidBatches {               // RFC 10022
  std::uint32_t messages = 0;     // of one batch
  std::optional<Window> batches;  // counted from the newest; absent: all. Never from_end.
};

// section = "[" [section-spec] "]"
enum class SectionKind : std::uint8_t { whole, header, header_fields, header_fields_not, text, mime };

struct Section {
  std::vector<std::uint32_t> part;  // 1-based path; empty: the message itself
  SectionKind kind = SectionKind::whole;
  std::vector<std::string> fields;  // names as written, of header_fields and header_fields_not
  friend bool operator==(const Section&, const Section&) = default;
};

// partial = "<" number "." nz-number ">". Both at most 2⁶³−1, so that their sum fits 64 bits.
struct Partial {
  std::uint64_t origin = 0;
  std::uint64_t octets_max = 0;
  friend bool operator==(const Partial&, const Partial&) = default;
};

enum class FetchKind : std::uint8_t {
  flags,
  internal_date,
  rfc822_size,
  envelope,
  body,  // BODY: the structure without extension fields
  body_structure,
  uid,
  modseq,    // RFC 7162; implied by CHANGEDSINCE, not added by the grammar
  email_id,  // RFC 8474
  thread_id,
  save_date,  // RFC 8514
  preview,    // RFC 8970; LAZY makes no difference: it is never so far away
  section,    // BODY[…] and BODY.PEEK[…]
  binary,     // BINARY[…] and BINARY.PEEK[…]: transfer encoding undone (RFC 3516)
  binary_size,
  rfc822,         // = BODY[], answered under its own name
  rfc822_header,  // = BODY.PEEK[HEADER]
  rfc822_text,    // = BODY[TEXT]
};

struct FetchItem {
  FetchKind kind = FetchKind::flags;
  Section section;  // also filled in for the RFC822 names
  bool peek = false;
  std::optional<Partial> partial;

  bool has_octets() const { return kind >= FetchKind::section; }
  bool is_binary() const { return kind == FetchKind::binary || kind == FetchKind::binary_size; }
  bool marks_seen() const { return has_octets() && !peek; }
  friend bool operator==(const FetchItem&, const FetchItem&) = default;
};

struct Fetch {
  SequenceSet set;
  std::vector<FetchItem> items;  // macros expanded; at least one
  std::optional<ModSeq> changed_since;
  bool vanished = false;          // with it; RFC 7162 §3.2.6
  std::optional<Window> partial;  // RFC 9394 §3.4
  bool uid = false;
};

struct Store {
  SequenceSet set;
  FlagChange change;
  bool silent = false;
  std::optional<ModSeq> unchanged_since;  // zero is allowed and refuses all (RFC 7162 §3.1.3)
  bool uid = false;
};

struct Copy {
  SequenceSet set;
  MailboxArgument mailbox;
  bool uid = false;
};

struct Move {  // RFC 6851
  SequenceSet set;
  MailboxArgument mailbox;
  bool uid = false;
};

// RFC 5465
enum class NotifyEvent : std::uint8_t {
  message_new = 1,
  message_expunge = 2,
  flag_change = 4,
  mailbox_name = 8,
  subscription_change = 16,
  mailbox_metadata = 32,
  server_metadata = 64,
};
constexpr std::uint8_t kMessageEvents = 1 | 2 | 4;

struct NotifyGroup {
  MailboxFilter filter;
  std::uint8_t events = 0;
  std::vector<FetchItem> fetched = {};  // of new messages in the selected mailbox
  bool wants(NotifyEvent event) const { return (events & static_cast<std::uint8_t>(event)) != 0; }
};

struct Notify {
  std::vector<NotifyGroup> groups;  // none: NOTIFY NONE
  bool status = false;
  bool unsupported = false;  // an event that is not known here was asked for
};

using Command = std::variant<Capability, Noop, Logout, Id, StartTls, Authenticate, Login, Enable, Select,
                             Create, Delete, Rename, Subscribe, Unsubscribe, List, Lsub, Namespace, Status,
                             Append, Idle, Unauthenticate, Compress, GetQuota, GetQuotaRoot, Check, Close,
                             Unselect, Expunge, UidExpunge, Search, Fetch, Store, Copy, Move, Replace, Sort,
                             Thread, UidBatches, MultiSearch, Notify, GetMetadata, SetMetadata>;

}  // namespace postern::imap
