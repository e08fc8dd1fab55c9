#include "storage/mailfiles/maildir.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/model/modified_utf7.h"

namespace postern::mailfiles {

namespace {

constexpr std::size_t kLetters = 26;
constexpr std::pair<char, SystemFlag> kFlags[] = {{'D', SystemFlag::draft},
                                                  {'F', SystemFlag::flagged},
                                                  {'R', SystemFlag::answered},
                                                  {'S', SystemFlag::seen},
                                                  {'T', SystemFlag::deleted}};

// ",S=1234" in a name; the first of them.
std::optional<std::uint64_t> size_in(std::string_view base) {
  const std::size_t at = base.find(",S=");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = base.substr(at + 3);
  return text::number(rest.substr(0, rest.find_first_not_of("0123456789")));
}

}  // namespace

MaildirName parse_maildir_name(std::string_view file_name) {
  MaildirName name;
  const std::size_t colon = file_name.find(":2,");
  name.base = file_name.substr(0, colon);
  name.size = size_in(name.base);
  const std::string_view seconds = std::string_view(name.base).substr(0, name.base.find('.'));
  constexpr std::uint64_t kSecondsMax = 253'402'300'799;  // the end of the year 9999
  if (const auto time = text::number(seconds, kSecondsMax); time && seconds.size() >= 9)
    name.time = WallTime(std::chrono::seconds(*time));
  if (colon == std::string_view::npos) return name;
  for (const char letter : file_name.substr(colon + 3)) {
    if (letter == ',') break;  // what a server keeps for itself
    for (const auto& [known, flag] : kFlags) {
      if (letter == known) name.system |= static_cast<std::uint8_t>(flag);
    }
    const bool is_keyword = letter >= 'a' && letter <= 'z';
    if (is_keyword) name.keywords.push_back(static_cast<std::size_t>(letter - 'a'));
  }
  return name;
}

std::string maildir_info(std::uint8_t system, const std::vector<std::size_t>& keywords) {
  std::string info = ":2,";
  for (const auto& [letter, flag] : kFlags) {
    if ((system & static_cast<std::uint8_t>(flag)) != 0) info += letter;
  }
  std::string letters;
  for (const std::size_t keyword : keywords) {
    if (keyword < kLetters) letters += static_cast<char>('a' + keyword);
  }
  std::sort(letters.begin(), letters.end());
  return info + letters;
}

Result<MailboxName> folder_mailbox(std::string_view directory_name) {
  const Error none(ErrorKind::invalid, "no folder of a Maildir++");
  if (directory_name.size() < 2 || directory_name.front() != '.' || directory_name[1] == '.') return none;
  std::string text;
  for (const std::string_view level : text::split(directory_name.substr(1), '.')) {
    auto decoded = from_modified_utf7(level);
    if (!text.empty()) text += kHierarchySeparator;
    // Else a name in UTF-8, or one with an "&" that was never encoded.
    text += decoded ? *std::move(decoded) : std::string(level);
  }
  return MailboxName::parse(text);
}

std::string folder_directory(const MailboxName& mailbox) {
  if (mailbox.is_inbox()) return "";
  std::string directory;
  for (const std::string_view level : text::split(mailbox.text(), kHierarchySeparator)) {
    std::string encoded = to_modified_utf7(level);
    std::replace(encoded.begin(), encoded.end(), '.', '_');
    directory += '.' + encoded;
  }
  return directory;
}

std::vector<std::string> parse_keyword_list(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string_view line : text::split(text, '\n')) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto number = text::number(line.substr(0, blank), kKeywordsPerMailboxMax - 1);
    const std::string_view name = line.substr(blank + 1);
    if (!number || !check_keyword(name)) continue;
    if (names.size() <= *number) names.resize(*number + 1);
    names[*number] = name;
  }
  return names;
}

std::string keyword_list_text(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += std::to_string(i) + ' ' + names[i] + '\n';
  return text;
}

}  // namespace postern::mailfiles
