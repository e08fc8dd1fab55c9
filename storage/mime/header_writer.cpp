#include "storage/mime/header_writer.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/decode.h"

namespace postern::mime {

namespace {

constexpr std::size_t kLineCharactersMax = 76;
constexpr std::size_t kWordOctetsMax = 45;       // of an encoded-word: 60 characters of base64, 75 in all
constexpr std::size_t kBareWordOctetsMax = 900;  // a longer one could not be folded into lines of 998
constexpr std::size_t kSegmentOctetsMax = 20;  // of an RFC 2231 parameter, 60 characters when all are escaped

// One line of well-formed UTF-8.
std::string one_line(std::string_view octets) {
  std::string utf8 = to_utf8(octets, "utf-8");
  for (char& c : utf8) {
    if ((c >= 0 && c < ' ') || c == 0x7F) c = ' ';
  }
  return std::string(text::trim(utf8));
}

// Takes at most octets_max octets off the front, whole characters.
std::string take_characters(std::string_view& utf8, std::size_t octets_max) {
  std::string taken(utf8.substr(0, octets_max + 1));
  cut_utf8(taken, octets_max);
  utf8.remove_prefix(taken.size());
  return taken;
}

std::vector<std::string> encoded_words(std::string_view utf8) {
  std::vector<std::string> words;
  while (!utf8.empty()) {
    const std::string taken = take_characters(utf8, kWordOctetsMax);
    if (taken.empty()) break;
    words.push_back("=?utf-8?B?" + text::base64(taken) + "?=");
  }
  return words;
}

bool needs_encoding(std::string_view line) {
  if (!text::is_ascii(line) || line.find("=?") != std::string_view::npos) return true;
  const auto words = text::split(line, ' ');
  return std::any_of(words.begin(), words.end(),
                     [](std::string_view word) { return word.size() > kBareWordOctetsMax; });
}

// Words with a blank between them, folded where a line would grow too long.
std::string folded(std::string_view name, const std::vector<std::string>& words) {
  std::string out(name);
  out += ':';
  std::size_t column = out.size();
  for (const std::string& word : words) {
    const bool fits = column + 1 + word.size() <= kLineCharactersMax || column <= name.size() + 1;
    out += fits ? " " : "\r\n ";
    column = (fits ? column : 0) + 1 + word.size();
    out += word;
  }
  return out + "\r\n";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// atext of RFC 5322 §3.2.3 and dots; RFC 6532 adds UTF-8.
bool is_dot_atom(std::string_view local) {
  if (local.empty() || local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || text::is_alpha(c) || text::is_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  });
}

std::string address_text(const EnvelopeAddress& address) {
  const std::string local = one_line(address.mailbox.value_or(""));
  std::string spec = is_dot_atom(local) ? local : quoted(local);
  if (!address.host->empty()) spec += '@' + one_line(*address.host);
  const std::string name = one_line(decode_text(address.name.value_or("")));
  if (name.empty()) return spec;
  if (!needs_encoding(name)) return quoted(name) + " <" + spec + '>';
  std::string out;
  for (const std::string& word : encoded_words(name)) out += word + "\r\n ";
  return out + '<' + spec + '>';
}

std::string extended_value(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    const bool plain = text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '-' || c == '_';
    out += plain ? std::string(1, c) : '%' + text::to_upper(text::hex(std::string_view(&c, 1)));
  }
  return out;
}

}  // namespace

std::string text_field(std::string_view name, std::string_view utf8) {
  const std::string line = one_line(utf8);
  if (needs_encoding(line)) return folded(name, encoded_words(line));
  std::vector<std::string> words;
  for (const std::string_view word : text::split(line, ' ')) words.emplace_back(word);
  return folded(name, words);
}

std::string address_field(std::string_view name, const std::vector<EnvelopeAddress>& addresses) {
  std::string out;
  for (const EnvelopeAddress& address : addresses) {
    if (!address.host || !address.mailbox) continue;
    out += out.empty() ? std::string(name) + ": " : std::string(",\r\n ");
    out += address_text(address);
  }
  return out.empty() ? out : out + "\r\n";
}

std::string parameter_text(std::string_view name, std::string_view utf8) {
  const std::string value = one_line(utf8);
  std::string out = ";\r\n ";
  if (text::is_ascii(value) && value.size() <= kLineCharactersMax)
    return out + std::string(name) + '=' + quoted(value);
  std::string_view rest = value;
  for (std::size_t index = 0; !rest.empty(); ++index) {
    const std::string taken = take_characters(rest, kSegmentOctetsMax);
    if (taken.empty()) break;
    if (index > 0) out += ";\r\n ";
    out += std::string(name) + '*' + std::to_string(index) + "*=" + (index == 0 ? "utf-8''" : "");
    out += extended_value(taken);
  }
  return out;
}

std::string id_field(std::string_view name, const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids)
    out += (out.empty() ? std::string(name) + ": " : std::string("\r\n ")) + id;
  return out.empty() ? out : out + "\r\n";
}

std::vector<std::string> message_ids(std::string_view value) {
  std::vector<std::string> ids;
  while (true) {
    const std::size_t begin = value.find('<');
    const std::size_t end = begin == std::string_view::npos ? begin : value.find('>', begin);
    if (end == std::string_view::npos) return ids;
    const std::string_view id = value.substr(begin, end + 1 - begin);
    const bool whole = std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (whole && id.size() <= kBareWordOctetsMax) ids.emplace_back(id);
    value.remove_prefix(end + 1);
  }
}

}  // namespace postern::mime
