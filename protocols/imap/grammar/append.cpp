// Arguments of APPEND and REPLACE up to the announcement of a message (RFC 3501 §6.3.11, RFC 3502, 3516,
// 6855, 8508), and the flags that APPEND and STORE share.
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

namespace {

// append-message = [SP flag-list] [SP date-time] SP append-data
AppendMessage parse_append_message(Cursor& in) {
  AppendMessage message;
  in.space();
  if (in.peek('(')) {
    message.flags = parse_flag_list(in);
    in.space();
  }
  if (in.peek('"')) {
    const ZonedTime date = parse_date_time(in);
    message.internal_date = date.time;
    message.internal_zone_minutes = date.zone_minutes;
    in.space();
  }
  if (in.take("UTF8 (")) {
    message.in_utf8 = true;
    if (!in.peek('~')) in.fail("expected \"~\"");
  }
  message.binary = in.take("~");
  message.octets = in.message_literal(message.synchronizing);
  return message;
}

Append parse_append_to(Cursor& in) {
  Append append;
  append.mailbox = in.mailbox();
  append.message = parse_append_message(in);
  return append;
}

}  // namespace

Result<Append> parse_append(Cursor& in) {
  return in.finish(parse_append_to(in));
}

Result<AppendMessage> parse_next_append(Cursor& in) {
  return in.finish(parse_append_message(in));
}

Result<Replace> parse_replace(Cursor& in) {
  Replace replace;
  const bool is_last = in.take("*");
  replace.message.first = is_last ? SequenceSet::kLargest : in.nz_number();
  replace.message.last = replace.message.first;
  in.space();
  replace.with = parse_append_to(in);
  return in.finish(std::move(replace));
}

Result<Replace> parse_uid_replace(Cursor& in) {
  Result<Replace> replace = parse_replace(in);
  if (replace) replace->uid = true;
  return replace;
}

}  // namespace postern::imap
