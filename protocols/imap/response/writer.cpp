#include "protocols/imap/response/writer.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/cursor.h"
#include "protocols/imap/grammar/mailbox_name.h"

namespace postern::imap {

namespace {

// Clients of the field read a quoted string into a line buffer; beyond this they get a literal.
constexpr std::size_t kQuotedOctetsMax = 1000;

// TEXT-CHAR of RFC 3501 §9: seven bits, no line ends; other control octets are legal but trip clients.
bool is_quotable(char c) {
  return c >= ' ' && c < '\x7F';
}

void append_number(std::string& out, std::uint64_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace

Writer& Writer::number(std::uint64_t value) {
  append_number(out_, value);
  return *this;
}

Writer& Writer::quoted(std::string_view octets) {
  out_ += '"';
  // Two searches for one octet are quicker than one search for two.
  if (octets.find('"') == std::string_view::npos && octets.find('\\') == std::string_view::npos) {
    out_ += octets;
  } else {
    for (char c : octets) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
  }
  out_ += '"';
  return *this;
}

Writer& Writer::string(std::string_view octets) {
  if (octets.size() <= kQuotedOctetsMax && std::all_of(octets.begin(), octets.end(), is_quotable)) {
    return quoted(octets);
  }
  out_ += '{';
  append_number(out_, octets.size());
  out_ += "}\r\n";
  const std::size_t begin = out_.size();
  out_ += octets;
  std::replace(out_.begin() + static_cast<std::ptrdiff_t>(begin), out_.end(), '\0', ' ');
  return *this;
}

Writer& Writer::nstring(const std::optional<std::string>& octets) {
  return octets ? string(*octets) : raw("NIL");
}

Writer& Writer::astring(std::string_view octets) {
  const bool bare = !octets.empty() && octets.size() <= kQuotedOctetsMax &&
                    std::all_of(octets.begin(), octets.end(), is_astring_char);
  return bare ? raw(octets) : string(octets);
}

// A bare NIL would be no name to some clients. UTF-8 stands in quotes (RFC 6855 §3, RFC 9051 §9).
Writer& Writer::mailbox(const MailboxName& name, NameSpelling names) {
  const bool utf8 = names == NameSpelling::utf8;
  const std::string spelled = utf8 ? name.text() : to_modified_utf7(name.text());
  if (utf8 && !std::all_of(spelled.begin(), spelled.end(), is_astring_char)) return quoted(spelled);
  return text::same(spelled, "NIL") ? string(spelled) : astring(spelled);
}

}  // namespace postern::imap
