#include "protocols/imap_client/response.h"

#include <array>

#include "gateway/base/text.h"
#include "protocols/imap_client/reader.h"
#include "storage/model/modified_utf7.h"

namespace postern::imap_client {

namespace {

constexpr std::size_t kFlagsMax = 200;

const Error kBroken(ErrorKind::invalid, "a response that cannot be read");

// date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
void read_date(const std::optional<std::string>& text, Fetched& fetched) {
  constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
  if (!text || text->size() != 26) return;
  const std::string_view s = *text;
  const auto part = [s](std::size_t at, std::size_t count) {
    std::string_view digits = s.substr(at, count);
    while (digits.starts_with(' ')) digits.remove_prefix(1);
    return text::number(digits, 9999);
  };
  unsigned month = 0;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (text::same(s.substr(3, 3), kMonths[i])) month = i + 1;
  }
  const auto day = part(0, 2), year = part(7, 4), hour = part(12, 2), minute = part(15, 2),
             second = part(18, 2), zone_hours = part(22, 2), zone_minutes = part(24, 2);
  const bool sign = s[21] == '+' || s[21] == '-';
  if (!day || !year || !hour || !minute || !second || !zone_hours || !zone_minutes || !sign) return;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(month),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  const bool of_a_day = *hour < 24 && *minute < 60 && *second <= 60 && *zone_hours < 24 && *zone_minutes < 60;
  if (!date.ok() || !of_a_day) return;
  const int east = static_cast<int>(*zone_hours * 60 + *zone_minutes) * (s[21] == '-' ? -1 : 1);
  fetched.internal_zone_minutes = static_cast<std::int16_t>(east);
  fetched.internal_date = WallTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
                          std::chrono::minutes(*minute) + std::chrono::seconds(*second) -
                          std::chrono::minutes(east);
}

void read_flags(const std::vector<std::string>& names, Flags& flags) {
  for (const std::string& name : names) {
    const std::uint8_t bit = system_flag_bit(name);
    flags.system |= bit;
    const bool keyword = bit == 0 && flags.keywords.size() < kFlagsMax && check_keyword(name);
    if (keyword) flags.add_keyword(name);
  }
}

}  // namespace

std::optional<std::uint64_t> literal_at_end(std::string_view line) {
  if (!line.ends_with('}')) return std::nullopt;
  const std::size_t open = line.rfind('{');
  if (open == std::string_view::npos) return std::nullopt;
  return text::number(line.substr(open + 1, line.size() - open - 2));
}

std::optional<Tagged> parse_tagged(const Response& response, std::string_view tag) {
  Reader in(response);
  if (!in.take(tag) || !in.take(" ")) return std::nullopt;
  Tagged tagged;
  const std::string_view word = in.atom();
  if (text::same(word, "OK")) tagged.outcome = Outcome::ok;
  if (text::same(word, "NO")) tagged.outcome = Outcome::no;
  tagged.text = response.text.substr(std::min(response.text.size(), tag.size() + 1 + word.size() + 1));
  return tagged;
}

Result<std::optional<Fetched>> parse_fetch(Response response) {
  Reader in(response);
  if (!in.take("* ")) return std::optional<Fetched>();
  if (in.at_end() || in.peek('(') || !text::number(in.atom()) || !in.take(" FETCH "))
    return std::optional<Fetched>();
  if (!in.take("(")) return kBroken;
  Fetched fetched;
  while (!in.take(")")) {
    if (in.take(" ")) continue;
    const std::string item(in.atom());
    if (item.empty() || !in.take(" ")) return kBroken;
    if (text::same(item, "UID")) {
      const auto uid = in.number();
      if (uid && (*uid == 0 || *uid > UINT32_MAX)) return kBroken;
      if (uid) fetched.uid = Uid(static_cast<std::uint32_t>(*uid));
    } else if (text::same(item, "RFC822.SIZE")) {
      fetched.size = in.number();
    } else if (text::same(item, "FLAGS")) {
      read_flags(in.words(), fetched.flags);
    } else if (text::same(item, "INTERNALDATE")) {
      read_date(in.string(), fetched);
    } else if (text::same(item, "BODY[]") || text::same(item, "BODY[HEADER]")) {
      fetched.octets = in.string().value_or(std::string());
    } else {
      in.pass_over();
    }
    if (in.failed()) return kBroken;
  }
  return std::optional<Fetched>(std::move(fetched));
}

Result<std::optional<ListedMailbox>> parse_list(const Response& response) {
  Reader in(response);
  if (!in.take("* LIST ")) return std::optional<ListedMailbox>();
  ListedMailbox listed;
  for (const std::string& attribute : in.words()) {
    const bool closed = text::same(attribute, "\\Noselect") || text::same(attribute, "\\NonExistent");
    if (closed) listed.selectable = false;
    if (const auto use = special_use_from(attribute)) listed.use = *use;
  }
  if (!in.take(" ")) return kBroken;
  const auto delimiter = in.string();
  if (delimiter && delimiter->size() == 1) listed.delimiter = delimiter->front();
  if (!in.take(" ")) return kBroken;
  // A folder may be called NIL.
  const bool nil = in.take("NIL");
  const auto name = nil ? std::optional<std::string>("NIL") : in.string();
  if (!name || in.failed()) return kBroken;
  listed.name = *name;
  return std::optional<ListedMailbox>(std::move(listed));
}

std::optional<std::uint64_t> parse_status_messages(const Response& response) {
  Reader in(response);
  if (!in.take("* STATUS ")) return std::nullopt;
  in.string();
  if (!in.take(" (MESSAGES ")) return std::nullopt;
  return in.number();
}

std::optional<std::uint32_t> code_number(const Response& response, std::string_view code) {
  Reader in(response);
  if (!in.take("* OK [") || !in.take(code) || !in.take(" ")) return std::nullopt;
  const auto number = in.number();
  if (!number || *number > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<bool> has_capability(const Response& response, std::string_view word) {
  constexpr std::string_view kWord = "CAPABILITY ";
  const std::size_t at = response.text.find(kWord);
  if (at == std::string::npos) return std::nullopt;
  std::string_view words = std::string_view(response.text).substr(at + kWord.size());
  words = words.substr(0, words.find(']'));
  for (const std::string_view one : text::split(words, ' ')) {
    if (text::same(one, word)) return true;
  }
  return false;
}

Result<MailboxName> local_name(const ListedMailbox& listed) {
  std::string utf8 = listed.name;
  if (text::is_ascii(utf8)) {
    TRY(utf8, from_modified_utf7(listed.name));
  }
  if (listed.delimiter == 0 || listed.delimiter == kHierarchySeparator) return MailboxName::parse(utf8);
  // Ours cannot stand in a name of theirs.
  for (char& c : utf8) {
    if (c == kHierarchySeparator) {
      c = '_';
    } else if (c == listed.delimiter) {
      c = kHierarchySeparator;
    }
  }
  return MailboxName::parse(utf8);
}

Result<std::string> quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\r' || c == '\n' || c == '\0') return Error(ErrorKind::invalid, "a line end in a name");
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

}  // namespace postern::imap_client
