#include "protocols/imap/command_table.h"

#include <algorithm>
#include <array>

#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

template <auto parse>
Result<Command> as_command(Cursor& in) {
  auto parsed = parse(in);
  if (!parsed) return std::move(parsed).error();
  return Command(*std::move(parsed));
}

constexpr CommandRow row(std::string_view name, Result<Command> (*parse)(Cursor&),
                         Expunges expunges = Expunges::allowed, std::string_view capabilities = {},
                         Announced announced = Announced::always) {
  return {name, parse, expunges, capabilities, announced, Numbers::none};
}

// Takes message numbers.
constexpr CommandRow counting(CommandRow row) {
  row.numbers = Numbers::sequence;
  return row;
}

constexpr std::array kCommands{
    // any state
    row("CAPABILITY", as_command<parse_bare<Capability>>, Expunges::allowed, "IMAP4rev1 IMAP4rev2 LITERAL+"),
    row("NOOP", as_command<parse_bare<Noop>>),
    row("LOGOUT", as_command<parse_bare<Logout>>),
    row("ID", as_command<parse_id>, Expunges::allowed, "ID"),
    // before log-in
    row("STARTTLS", as_command<parse_bare<StartTls>>),
    row("AUTHENTICATE", as_command<parse_authenticate>, Expunges::allowed, "SASL-IR",
        Announced::before_log_in),
    row("LOGIN", as_command<parse_login>),
    // after log-in
    row("ENABLE", as_command<parse_enable>, Expunges::allowed, "ENABLE"),
    row("SELECT", as_command<parse_select>, Expunges::allowed, "CONDSTORE QRESYNC OBJECTID",
        Announced::after_log_in),
    row("EXAMINE", as_command<parse_examine>),
    row("CREATE", as_command<parse_create>, Expunges::allowed, "CREATE-SPECIAL-USE", Announced::after_log_in),
    row("DELETE", as_command<parse_delete>),
    row("RENAME", as_command<parse_rename>),
    row("SUBSCRIBE", as_command<parse_subscribe>),
    row("UNSUBSCRIBE", as_command<parse_unsubscribe>),
    row("LIST", as_command<parse_list>, Expunges::allowed, "CHILDREN LIST-EXTENDED LIST-STATUS SPECIAL-USE",
        Announced::after_log_in),
    row("LSUB", as_command<parse_lsub>),
    row("NAMESPACE", as_command<parse_bare<Namespace>>, Expunges::allowed, "NAMESPACE",
        Announced::after_log_in),
    row("STATUS", as_command<parse_status>, Expunges::allowed, "STATUS=SIZE", Announced::after_log_in),
    row("APPEND", as_command<parse_append>, Expunges::allowed, "MULTIAPPEND CATENATE UTF8=ACCEPT",
        Announced::after_log_in),
    row("IDLE", as_command<parse_bare<Idle>>, Expunges::allowed, "IDLE", Announced::after_log_in),
    row("GETQUOTA", as_command<parse_get_quota>, Expunges::allowed,
        "QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE", Announced::after_log_in),
    row("GETQUOTAROOT", as_command<parse_get_quota_root>),
    row("NOTIFY", as_command<parse_notify>, Expunges::allowed, "NOTIFY", Announced::after_log_in),
    row("GETMETADATA", as_command<parse_get_metadata>, Expunges::allowed, "METADATA LIST-METADATA",
        Announced::after_log_in),
    row("SETMETADATA", as_command<parse_set_metadata>),
    row("COMPRESS", as_command<parse_compress>, Expunges::allowed, "COMPRESS=DEFLATE",
        Announced::after_log_in),
    row("UNAUTHENTICATE", as_command<parse_bare<Unauthenticate>>, Expunges::allowed, "UNAUTHENTICATE",
        Announced::after_log_in),
    // with a mailbox open
    row("CHECK", as_command<parse_bare<Check>>),
    row("CLOSE", as_command<parse_bare<Close>>),
    row("UNSELECT", as_command<parse_bare<Unselect>>, Expunges::allowed, "UNSELECT", Announced::after_log_in),
    row("EXPUNGE", as_command<parse_bare<Expunge>>),
    row("UID EXPUNGE", as_command<parse_uid_expunge>, Expunges::allowed, "UIDPLUS", Announced::after_log_in),
    counting(row("SEARCH", as_command<parse_search>, Expunges::held_back,
                 "ESEARCH SEARCHRES PARTIAL WITHIN INPROGRESS", Announced::after_log_in)),
    row("ESEARCH", as_command<parse_multi_search>, Expunges::held_back, "MULTISEARCH",
        Announced::after_log_in),
    row("UID SEARCH", as_command<parse_uid_search>),
    counting(row("SORT", as_command<parse_sort>, Expunges::held_back, "SORT SORT=DISPLAY ESORT",
                 Announced::after_log_in)),
    row("UID SORT", as_command<parse_uid_sort>),
    counting(row("THREAD", as_command<parse_thread>, Expunges::held_back,
                 "THREAD=ORDEREDSUBJECT THREAD=REFERENCES", Announced::after_log_in)),
    row("UID THREAD", as_command<parse_uid_thread>),
    row("UIDBATCHES", as_command<parse_uid_batches>, Expunges::allowed, "UIDBATCHES",
        Announced::after_log_in),
    counting(row("FETCH", as_command<parse_fetch>, Expunges::held_back, "BINARY PREVIEW SAVEDATE",
                 Announced::after_log_in)),
    row("UID FETCH", as_command<parse_uid_fetch>, Expunges::allowed, "UIDONLY", Announced::after_log_in),
    counting(row("STORE", as_command<parse_store>, Expunges::held_back)),
    row("UID STORE", as_command<parse_uid_store>),
    counting(row("COPY", as_command<parse_copy>)),
    row("UID COPY", as_command<parse_uid_copy>),
    counting(row("MOVE", as_command<parse_move>, Expunges::allowed, "MOVE", Announced::after_log_in)),
    row("UID MOVE", as_command<parse_uid_move>),
    counting(
        row("REPLACE", as_command<parse_replace>, Expunges::allowed, "REPLACE", Announced::after_log_in)),
    row("UID REPLACE", as_command<parse_uid_replace>),
};

}  // namespace

std::span<const CommandRow> command_rows() {
  return kCommands;
}

const CommandRow* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [name](const CommandRow& candidate) { return candidate.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

std::string capability_text(const Offer& offer) {
  std::string text;
  const auto add = [&text](std::string_view word) {
    if (!text.empty()) text += ' ';
    text += word;
  };
  for (const CommandRow& command : kCommands) {
    if (command.capabilities.empty()) continue;
    if (command.announced == Announced::before_log_in && offer.logged_in) continue;
    if (command.announced == Announced::after_log_in && !offer.logged_in) continue;
    add(command.capabilities);
  }
  if (offer.logged_in) {
    add("APPENDLIMIT=");
    text += std::to_string(offer.append_octets_max);
    add("MESSAGELIMIT=");
    text += std::to_string(offer.command_messages_max);
    add("SAVELIMIT=");
    text += std::to_string(offer.copy_messages_max);
    return text;
  }
  if (offer.start_tls) add("STARTTLS");
  if (!offer.plaintext) add("LOGINDISABLED");
  for (const std::string_view mechanism : offer.mechanisms) {
    add("AUTH=");
    text += mechanism;
  }
  return text;
}

}  // namespace postern::imap
