#include "protocols/imap/grammar/message_url.h"

#include "gateway/base/text.h"
#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

namespace {

Error no_url() {
  return Error(ErrorKind::invalid, "no URL of a message here");
}

int hex(char c) {
  if (text::is_digit(c)) return c - '0';
  const char upper = text::upper(c);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

Result<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return no_url();
    out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
    i += 2;
  }
  return out;
}

// What stands before the next of these words, ASCII case aside; the rest stays behind it.
std::optional<std::string_view> take_until(std::string_view& rest, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= rest.size(); ++at) {
    if (!text::starts_with_same(rest.substr(at), word)) continue;
    const std::string_view before = rest.substr(0, at);
    rest.remove_prefix(at + word.size());
    return before;
  }
  return std::nullopt;
}

Result<std::uint32_t> number_from(std::string_view digits) {
  const auto value = text::number(digits, UINT32_MAX);
  if (!value || *value == 0) return no_url();
  return static_cast<std::uint32_t>(*value);
}

// enc-section: what stands between the brackets of BODY[…]
Result<Section> section_from(std::string_view encoded) {
  TRY(std::string text, percent_decoded(encoded));
  text += ']';
  Cursor in(text);
  Section section = parse_section(in);
  return in.finish(std::move(section));
}

// partial-range = number ["." nz-number]
Result<Partial> partial_from(std::string_view range) {
  Partial partial;
  partial.octets_max = kNumber63Max;
  Cursor in(range);
  partial.origin = in.number(kNumber63Max);
  if (in.take(".")) partial.octets_max = in.nz_number();
  return in.finish(partial);
}

// enc-mailbox [";UIDVALIDITY=" nz-number]
Result<void> read_mailbox(std::string_view text, MessageUrl& url) {
  std::string_view rest = text;
  if (const auto name = take_until(rest, ";UIDVALIDITY=")) {
    TRY(const std::uint32_t value, number_from(rest));
    url.uid_validity = UidValidity(value);
    text = *name;
  }
  TRY(const std::string name, percent_decoded(text));
  TRY(url.mailbox, MailboxName::parse(name));
  return {};
}

}  // namespace

Result<MessageUrl> parse_message_url(std::string_view url) {
  MessageUrl out;
  out.part.kind = FetchKind::section;
  out.part.peek = true;
  std::string_view rest = url;
  if (text::starts_with_same(rest, ";UID=")) {
    rest.remove_prefix(std::string_view(";UID=").size());
  } else {
    if (!rest.starts_with('/') || rest.starts_with("//")) return no_url();
    rest.remove_prefix(1);
    const auto mailbox = take_until(rest, "/;UID=");
    if (!mailbox) return no_url();
    TRY_VOID(read_mailbox(*mailbox, out));
  }
  std::string_view uid = rest;
  std::string_view section;
  std::string_view partial;
  if (const auto before = take_until(rest, "/;PARTIAL=")) {
    partial = rest;
    rest = *before;
    uid = *before;
    if (partial.empty()) return no_url();
  }
  if (const auto before = take_until(rest, "/;SECTION=")) {
    section = rest;
    uid = *before;
    if (section.empty()) return no_url();
  }
  TRY(const std::uint32_t number, number_from(uid));
  out.uid = Uid(number);
  if (!section.empty()) {
    TRY(out.part.section, section_from(section));
  }
  if (!partial.empty()) {
    TRY(out.part.partial, partial_from(partial));
  }
  return out;
}

}  // namespace postern::imap
