#include "storage/model/flags.h"

#include <algorithm>
#include <array>

#include "gateway/base/text.h"

namespace postern {

namespace {

struct Named {
  SystemFlag flag;
  std::string_view name;
};
constexpr std::array kNamed{
    Named{SystemFlag::answered, "\\Answered"}, Named{SystemFlag::flagged, "\\Flagged"},
    Named{SystemFlag::deleted, "\\Deleted"},   Named{SystemFlag::seen, "\\Seen"},
    Named{SystemFlag::draft, "\\Draft"},
};

bool before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return text::lower(x) < text::lower(y); });
}

}  // namespace

bool Flags::has_keyword(std::string_view name) const {
  const auto at = std::lower_bound(keywords.begin(), keywords.end(), name, before);
  return at != keywords.end() && text::same(*at, name);
}

void Flags::add_keyword(std::string name) {
  const auto at = std::lower_bound(keywords.begin(), keywords.end(), name, before);
  if (at == keywords.end() || !text::same(*at, name)) keywords.insert(at, std::move(name));
}

std::uint8_t system_flag_bit(std::string_view name) {
  for (const Named& named : kNamed) {
    if (text::same(named.name, name)) return static_cast<std::uint8_t>(named.flag);
  }
  return 0;
}

std::vector<std::string_view> system_flag_names(std::uint8_t bits) {
  std::vector<std::string_view> names;
  for (const Named& named : kNamed) {
    if ((bits & static_cast<std::uint8_t>(named.flag)) != 0) names.push_back(named.name);
  }
  return names;
}

Result<void> check_keyword(std::string_view name) {
  if (name.empty()) return Error(ErrorKind::invalid, "empty keyword");
  if (name.size() > kKeywordOctetsMax) return Error(ErrorKind::too_large, "keyword too long");
  for (unsigned char c : name) {
    if (c <= ' ' || c >= 0x7F ||
        std::string_view("(){%*\"\\]").find(static_cast<char>(c)) != std::string_view::npos) {
      return Error(ErrorKind::invalid, "a keyword is an atom");
    }
  }
  return {};
}

}  // namespace postern
