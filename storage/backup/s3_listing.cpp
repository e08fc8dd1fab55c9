#include "storage/backup/s3_listing.h"

#include <fmt/format.h>

#include <array>

#include "gateway/base/text.h"

namespace postern::backup {

namespace {

// The text of the next element of that name from `at` on, which is moved behind it. Elements of that name are
// not nested in each other.
std::optional<std::string_view> next_element(std::string_view xml, std::string_view name, std::size_t& at) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const std::size_t begin = xml.find(open, at);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = xml.find(close, begin);
  if (end == std::string_view::npos) return std::nullopt;
  at = end + close.size();
  return xml.substr(begin + open.size(), end - begin - open.size());
}

std::string plain(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string result;
  while (!text.empty()) {
    bool replaced = false;
    for (const auto& [entity, character] : kEntities) {
      if (!text.starts_with(entity)) continue;
      result += character;
      text.remove_prefix(entity.size());
      replaced = true;
      break;
    }
    if (replaced) continue;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

std::vector<std::string> inside_each(std::string_view xml, std::string_view outer, std::string_view inner) {
  std::vector<std::string> found;
  std::size_t at = 0;
  while (const auto element = next_element(xml, outer, at)) {
    std::size_t within = 0;
    if (const auto value = next_element(*element, inner, within)) found.push_back(plain(*value));
  }
  return found;
}

std::string first(std::string_view xml, std::string_view name) {
  std::size_t at = 0;
  const auto value = next_element(xml, name, at);
  return value ? plain(*value) : std::string();
}

}  // namespace

Result<S3Listing> parse_s3_listing(std::string_view xml) {
  const std::size_t begin = xml.find("<ListBucketResult");
  const bool whole =
      begin != std::string_view::npos && xml.find("</ListBucketResult>", begin) != std::string_view::npos;
  if (!whole) return Error(ErrorKind::invalid, "no list of objects");
  S3Listing listing;
  listing.keys = inside_each(xml, "Contents", "Key");
  listing.prefixes = inside_each(xml, "CommonPrefixes", "Prefix");
  if (first(xml, "IsTruncated") == "true") {
    listing.continuation = first(xml, "NextContinuationToken");
    if (listing.continuation.empty()) return Error(ErrorKind::invalid, "a list of objects without its rest");
  }
  return listing;
}

std::string s3_error_code(std::string_view xml) {
  return xml.find("<Error") == std::string_view::npos ? "" : first(xml, "Code");
}

std::string percent_encoded(std::string_view value) {
  std::string result;
  for (const char c : value) {
    const bool unreserved =
        text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

}  // namespace postern::backup
