// Arguments of GETMETADATA and SETMETADATA (RFC 5464 §5).
#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/mailbox_name.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

constexpr std::size_t kEntryOctetsMax = 255;

// Where an entry is only looked below of, it may be one of the two roots itself.
enum class Roots : bool { refused, allowed };

bool is_entry(std::string_view entry, Roots roots) {
  const auto belongs = [](char c) { return c > ' ' && c < '\x7F' && c != '*' && c != '%'; };
  const bool rooted = entry.starts_with("/private/") || entry.starts_with("/shared/");
  const bool is_root = entry == "/private" || entry == "/shared";
  return entry.size() <= kEntryOctetsMax && (rooted || (is_root && roots == Roots::allowed)) &&
         std::all_of(entry.begin(), entry.end(), belongs) && !entry.ends_with('/') &&
         entry.find("//") == std::string_view::npos;
}

// entry = astring: a path below /private or /shared, ASCII case aside
std::string parse_entry(Cursor& in, Roots roots) {
  const std::size_t begin = in.position();
  std::string entry = text::to_lower(in.astring("an entry"));
  if (!is_entry(entry, roots)) in.fail_at(begin, "expected an entry below /private or /shared");
  return entry;
}

// The empty name means the server.
std::optional<MailboxArgument> parse_mailbox_or_server(Cursor& in) {
  const std::string spelled = in.astring("a mailbox");
  if (!in.ok() || spelled.empty()) return std::nullopt;
  return mailbox_argument(spelled, in.names());
}

// scope-opt / maxsize-opt
void parse_option(Cursor& in, AnnotationsWanted& wanted) {
  using Depth = AnnotationsWanted::Depth;
  if (in.take_word("MAXSIZE")) {
    in.space();
    wanted.octets_max = in.number();
  } else if (in.take_word("DEPTH")) {
    in.space();
    if (in.take_word("0")) {
      wanted.depth = Depth::entry;
    } else if (in.take_word("1")) {
      wanted.depth = Depth::children;
    } else if (in.take_word("infinity")) {
      wanted.depth = Depth::everything_below;
    } else {
      in.fail("expected 0, 1 or infinity");
    }
  } else {
    in.fail("expected MAXSIZE or DEPTH");
  }
}

void parse_options(Cursor& in, AnnotationsWanted& wanted) {
  in.list([&wanted](Cursor& option) { return parse_option(option, wanted), true; });
}

std::vector<std::string> parse_entries(Cursor& in, Roots roots) {
  if (!in.peek('(')) return std::vector<std::string>(1, parse_entry(in, roots));
  return in.list([roots](Cursor& entry) { return parse_entry(entry, roots); });
}

// value = nstring / literal8
std::optional<std::string> parse_value(Cursor& in) {
  if (in.take_word("NIL")) return std::nullopt;
  if (in.take("~") && !in.peek('{')) in.fail("expected a literal");
  return in.string("a value");
}

}  // namespace

std::vector<std::string> parse_metadata_entries(Cursor& in) {
  return parse_entries(in, Roots::refused);
}

// Options stand in front of the mailbox in the RFC's syntax, and behind it in its examples.
Result<GetMetadata> parse_get_metadata(Cursor& in) {
  GetMetadata get;
  const bool in_front = in.peek('(');
  if (in_front) {
    parse_options(in, get.wanted);
    in.space();
  }
  get.mailbox = parse_mailbox_or_server(in);
  in.space();
  if (!in_front && (in.peek("(MAXSIZE ") || in.peek("(DEPTH "))) {
    parse_options(in, get.wanted);
    in.space();
  }
  get.wanted.entries = parse_entries(in, Roots::allowed);
  return in.finish(std::move(get));
}

Result<SetMetadata> parse_set_metadata(Cursor& in) {
  SetMetadata set;
  set.mailbox = parse_mailbox_or_server(in);
  in.space();
  in.list([&set](Cursor& pair) {
    Annotation one;
    one.entry = parse_entry(pair, Roots::refused);
    pair.space();
    one.value = parse_value(pair);
    std::erase_if(set.values, [&one](const Annotation& other) { return other.entry == one.entry; });
    set.values.push_back(std::move(one));
    return true;
  });
  return in.finish(std::move(set));
}

}  // namespace postern::imap
