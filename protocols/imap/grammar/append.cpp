// Arguments of APPEND and REPLACE up to the announcement of a message (RFC 3501 §6.3.11, RFC 3502, 3516,
// 4469, 6855, 8508), and the flags that APPEND and STORE share.
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

constexpr std::size_t kUrlsMax = 1000;  // in one line

// cat-part = "TEXT" SP literal / "URL" SP astring, up to the octets of a literal, or the parenthesis
void parse_parts(Cursor& in, AppendMessage& message) {
  CatenatedParts& parts = message.catenated.emplace();
  while (in.ok()) {
    if (in.take("URL ")) {
      if (parts.urls.size() == kUrlsMax) in.fail("expected at most 1000 URLs");
      parts.urls.push_back(in.astring("a URL"));
    } else if (in.take("TEXT ")) {
      message.binary = in.take("~");
      message.octets = in.message_literal(message.synchronizing);
      return;
    } else {
      in.fail("expected TEXT or URL");
    }
    parts.closed = in.take(")");
    if (parts.closed) return;
    in.space();
  }
}

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
  if (in.take("CATENATE (")) {
    parse_parts(in, message);
    return message;
  }
  if (in.take("UTF8 (")) {
    message.in_utf8 = true;
    if (!in.peek('~')) in.fail("expected \"~\"");
  }
  message.binary = in.take("~");
  message.octets = in.message_literal(message.synchronizing);
  return message;
}

// As far as they stand in one line: all but the last are made of URLs alone.
std::vector<AppendMessage> parse_append_messages(Cursor& in) {
  std::vector<AppendMessage> messages;
  const auto may_go_on = [&messages] {
    return messages.back().catenated && messages.back().catenated->closed;
  };
  do {
    messages.push_back(parse_append_message(in));
  } while (in.ok() && !in.at_end() && may_go_on());
  return messages;
}

Append parse_append_to(Cursor& in) {
  Append append;
  append.mailbox = in.mailbox();
  std::vector<AppendMessage> messages = parse_append_messages(in);
  append.message = std::move(messages.front());
  messages.erase(messages.begin());
  append.more = std::move(messages);
  return append;
}

}  // namespace

Result<Append> parse_append(Cursor& in) {
  return in.finish(parse_append_to(in));
}

Result<std::vector<AppendMessage>> parse_next_appends(Cursor& in) {
  return in.finish(parse_append_messages(in));
}

Result<std::vector<AppendMessage>> parse_more_parts(Cursor& in) {
  std::vector<AppendMessage> parsed(1);
  if (in.take(")")) {
    parsed.front().catenated.emplace().closed = true;
  } else {
    in.space();
    parse_parts(in, parsed.front());
  }
  if (in.ok() && !in.at_end() && parsed.front().catenated->closed) {
    for (AppendMessage& next : parse_append_messages(in)) parsed.push_back(std::move(next));
  }
  return in.finish(std::move(parsed));
}

Result<Replace> parse_replace(Cursor& in) {
  Replace replace;
  const bool is_last = in.take("*");
  replace.message.first = is_last ? SequenceSet::kLargest : in.nz_number();
  replace.message.last = replace.message.first;
  in.space();
  replace.with = parse_append_to(in);
  if (!replace.with.more.empty()) in.fail("expected one message");
  return in.finish(std::move(replace));
}

Result<Replace> parse_uid_replace(Cursor& in) {
  Result<Replace> replace = parse_replace(in);
  if (replace) replace->uid = true;
  return replace;
}

}  // namespace postern::imap
