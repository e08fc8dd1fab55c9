// dovecot-uidlist: "3 V1736157600 N42 G…", then a line for each message, "41 P… :base of its file name".
// Version 1 has "1 1736157600 42" and "41 base".
#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mailfiles/maildir.h"

namespace postern::mailfiles {

namespace {

constexpr std::size_t kUidlOctetsMax = 70;  // RFC 1939 §7

const Error kTorn(ErrorKind::invalid, "dovecot-uidlist is torn");

std::string_view take_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

Result<UidList> parse_head(std::string_view line, bool& extended) {
  UidList list;
  const std::string_view version = take_word(line);
  extended = version == "3";
  if (!extended && version != "1") return Error(ErrorKind::invalid, "dovecot-uidlist of an unknown version");
  std::optional<std::uint64_t> validity, next;
  for (int i = 0; !line.empty(); ++i) {
    const std::string_view word = take_word(line);
    if (extended && word.starts_with('V')) validity = text::number(word.substr(1), UINT32_MAX);
    if (extended && word.starts_with('N')) next = text::number(word.substr(1), UINT32_MAX);
    if (!extended && i == 0) validity = text::number(word, UINT32_MAX);
    if (!extended && i == 1) next = text::number(word, UINT32_MAX);
  }
  if (!validity || *validity == 0 || !next || *next == 0) return kTorn;
  list.uid_validity = UidValidity(static_cast<std::uint32_t>(*validity));
  list.uid_next = Uid(static_cast<std::uint32_t>(*next));
  return list;
}

bool is_uidl(std::string_view text) {
  if (text.empty() || text.size() > kUidlOctetsMax) return false;
  for (const char c : text) {
    if (c < 0x21 || c > 0x7E) return false;
  }
  return true;
}

}  // namespace

Result<UidList> parse_uid_list(std::string_view text) {
  if (!text.ends_with('\n')) return kTorn;
  text.remove_suffix(1);
  bool extended = false;
  UidList list;
  Uid before{};
  bool head = true;
  for (std::string_view line : text::split(text, '\n')) {
    if (head) {
      TRY(list, parse_head(line, extended));
      head = false;
      continue;
    }
    const auto uid = text::number(take_word(line), UINT32_MAX);
    if (!uid) return kTorn;
    UidListEntry entry;
    entry.uid = Uid(static_cast<std::uint32_t>(*uid));
    if (entry.uid <= before || entry.uid == kUidMax)
      return Error(ErrorKind::invalid, "dovecot-uidlist: UIDs out of order");
    before = entry.uid;
    while (extended && !line.empty() && line.front() != ':') {
      const std::string_view field = take_word(line);
      if (field.starts_with('P') && is_uidl(field.substr(1))) entry.pop3_uidl = field.substr(1);
    }
    if (extended && line.empty()) return kTorn;
    if (extended) line.remove_prefix(1);
    list.by_base.emplace(parse_maildir_name(line).base, std::move(entry));
  }
  // The head is not written anew for each message that is added.
  list.uid_next = std::max(list.uid_next, Uid(raw(before) + 1));
  return list;
}

std::string uid_list_text(const UidList& list) {
  std::string text =
      "3 V" + std::to_string(raw(list.uid_validity)) + " N" + std::to_string(raw(list.uid_next)) + "\n";
  std::map<Uid, std::string> lines;
  for (const auto& [base, entry] : list.by_base) {
    const std::string uidl = entry.pop3_uidl.empty() ? "" : " P" + entry.pop3_uidl;
    lines[entry.uid] = std::to_string(raw(entry.uid)) + uidl + " :" + base + "\n";
  }
  for (const auto& [uid, line] : lines) text += line;
  return text;
}

}  // namespace postern::mailfiles
