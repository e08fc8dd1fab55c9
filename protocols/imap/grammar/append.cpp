// Arguments of APPEND up to the announcement of its message (RFC 3501 §6.3.11), and the flags that APPEND and
// STORE share.
#include "protocols/imap/grammar/date_time.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

// flag = "\Answered" / … / flag-keyword. \Recent is the server's alone, and names of other system flags are
// not invented here.
void parse_flag(Cursor& in, Flags& flags) {
  const std::size_t begin = in.position();
  if (in.take("\\")) {
    const std::uint8_t bit = system_flag_bit('\\' + std::string(in.atom("a flag")));
    if (bit == 0) in.fail_at(begin, "expected a system flag that a client may set");
    flags.system |= bit;
    return;
  }
  std::string keyword(in.atom("a flag"));
  if (!in.ok()) return;
  if (const Result<void> checked = check_keyword(keyword); !checked) return in.fail(checked.error());
  if (flags.keywords.size() == kKeywordsPerMailboxMax) {
    return in.fail(Error(ErrorKind::too_large, "too many keywords"));
  }
  flags.add_keyword(std::move(keyword));
}

Flags parse_flag_list(Cursor& in) {
  Flags flags;
  in.list([&flags](Cursor& flag) { return parse_flag(flag, flags), true; }, 0);
  return flags;
}

Result<Append> parse_append(Cursor& in) {
  Append append;
  append.mailbox = in.mailbox();
  in.space();
  if (in.peek('(')) {
    append.flags = parse_flag_list(in);
    in.space();
  }
  if (in.peek('"')) {
    const ZonedTime date = parse_date_time(in);
    append.internal_date = date.time;
    append.internal_zone_minutes = date.zone_minutes;
    in.space();
  }
  append.message_octets = in.message_literal(append.synchronizing);
  return in.finish(std::move(append));
}

}  // namespace postern::imap
