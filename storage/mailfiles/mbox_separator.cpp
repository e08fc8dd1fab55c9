// The line in front of each message of an mbox file: "From ", an address, and a date as asctime() writes it.
#include <fmt/chrono.h>

#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "storage/mailfiles/mbox.h"
#include "storage/mime/date_time.h"

namespace postern::mailfiles {

namespace {

constexpr std::string_view kFrom = "From ";
constexpr std::size_t kLineOctetsMax = 1000;
constexpr std::array<std::string_view, 4> kDialects{"mboxo", "mboxrd", "mboxcl", "mboxcl2"};

bool is_one_of(std::string_view word, std::string_view three_letter_words) {
  for (std::size_t i = 0; i + 3 <= three_letter_words.size(); i += 3) {
    if (word == three_letter_words.substr(i, 3)) return true;
  }
  return false;
}

// Where "Mon Jan " begins, the last of them: an address may hold anything.
std::size_t find_date(std::string_view text) {
  for (std::size_t at = text.size() < 8 ? 0 : text.size() - 7; at-- > 0;) {
    const bool begins = (at == 0 || text[at - 1] == ' ') && text[at + 3] == ' ' && text[at + 7] == ' ' &&
                        is_one_of(text.substr(at, 3), "MonTueWedThuFriSatSun") &&
                        is_one_of(text.substr(at + 4, 3), "JanFebMarAprMayJunJulAugSepOctNovDec");
    if (begins) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view name_of(MboxDialect dialect) {
  return kDialects[static_cast<std::size_t>(dialect)];
}

std::optional<MboxDialect> mbox_dialect_from(std::string_view name) {
  const auto at = std::find(kDialects.begin(), kDialects.end(), name);
  if (at == kDialects.end()) return std::nullopt;
  return static_cast<MboxDialect>(at - kDialects.begin());
}

std::optional<Separator> parse_separator(std::string_view line) {
  if (line.size() > kLineOctetsMax || !line.starts_with(kFrom)) return std::nullopt;
  const std::string_view rest = line.substr(kFrom.size());
  const std::size_t date_at = find_date(rest);
  if (date_at == std::string_view::npos) return std::nullopt;
  const auto date = mime::parse_date(rest.substr(date_at));
  if (!date) return std::nullopt;
  Separator separator;
  separator.sender = text::trim(rest.substr(0, date_at));
  separator.date = WallTime(date->utc);
  return separator;
}

std::string separator_line(const Separator& separator) {
  const bool is_word = !separator.sender.empty() && separator.sender.size() < kLineOctetsMax / 2 &&
                       std::all_of(separator.sender.begin(), separator.sender.end(),
                                   [](char c) { return c > ' ' && c != 0x7F; });
  const auto time = std::chrono::floor<std::chrono::seconds>(separator.date.value_or(WallTime()));
  return fmt::format("{}{} {:%a %b %e %H:%M:%S %Y}\n", kFrom, is_word ? separator.sender : "MAILER-DAEMON",
                     time);
}

}  // namespace postern::mailfiles
