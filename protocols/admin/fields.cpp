#include "protocols/admin/fields.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/admin/times.h"
#include "protocols/http/query.h"

namespace postern::admin {

namespace {

bool has_control_octets(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < ' ' || octet == 0x7F;
  });
}

std::string bounds_text(std::uint64_t least, std::uint64_t most) {
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

constexpr const char* kTimeWanted = "a time is wanted, as 2026-01-31T00:00:00Z";
constexpr std::uint64_t kLimitMax = 9'007'199'254'740'991;  // what JavaScript counts exactly

}  // namespace

const Json* Fields::find(const char* name) {
  known_.insert(name);
  const auto found = body_.find(name);
  return found == body_.end() ? nullptr : &*found;
}

std::optional<std::string> Fields::text(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    wrong(name, "a text is wanted");
    return std::nullopt;
  }
  auto text = value->get<std::string>();
  if (text.size() > kTextOctetsMax || has_control_octets(text)) {
    wrong(name, "too long, or with characters that cannot be");
    return std::nullopt;
  }
  return text;
}

std::optional<bool> Fields::flag(const char* name) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  wrong(name, "true or false is wanted");
  return std::nullopt;
}

std::optional<std::uint64_t> Fields::number(const char* name, std::uint64_t least, std::uint64_t most) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_unsigned()) {
    const auto number = value->get<std::uint64_t>();
    if (number >= least && number <= most) return number;
  }
  wrong(name, bounds_text(least, most) + " is wanted");
  return std::nullopt;
}

std::optional<std::int64_t> Fields::signed_number(const char* name, std::int64_t size_max) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  const bool fits = value->is_number_unsigned()
                        ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(size_max)
                        : value->is_number_integer() && value->get<std::int64_t>() >= -size_max;
  if (fits) return value->get<std::int64_t>();
  wrong(name, "a whole number is wanted, not too large");
  return std::nullopt;
}

std::optional<std::optional<std::uint64_t>> Fields::limit(const char* name, std::uint64_t least) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return std::optional<std::uint64_t>();
  const auto given = number(name, least, kLimitMax);
  if (!given) return std::nullopt;
  return given;
}

std::optional<std::vector<std::string>> Fields::texts(const char* name, std::size_t count_max) {
  const Json* value = find(name);
  if (value == nullptr) return std::nullopt;
  std::vector<std::string> texts;
  const bool fits =
      value->is_array() && value->size() <= count_max &&
      std::all_of(value->begin(), value->end(), [](const Json& one) { return one.is_string(); });
  if (!fits) {
    wrong(name, "a list of at most " + std::to_string(count_max) + " texts is wanted");
    return std::nullopt;
  }
  for (const Json& one : *value) texts.push_back(one.get<std::string>());
  return texts;
}

FeatureEdits Fields::features() {
  FeatureEdits edits;
  for (const Feature feature : kFeatures) {
    const std::string name(name_of(feature));
    const Json* value = find(name.c_str());
    if (value == nullptr) continue;
    if (value->is_null()) {
      edits.emplace_back(feature, std::nullopt);
    } else if (const auto enabled = flag(name.c_str())) {
      edits.emplace_back(feature, enabled);
    }
  }
  return edits;
}

const Json* Fields::object(const char* name) {
  const Json* value = find(name);
  if (value != nullptr && !value->is_object()) {
    wrong(name, "an object is wanted");
    return nullptr;
  }
  return value;
}

std::optional<WallTime> Fields::time(const char* name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto time = time_from(*value);
  if (!time) wrong(name, kTimeWanted);
  return time;
}

std::string Fields::need_text(const char* name) {
  if (find(name) == nullptr) wrong(name, "is missing");
  return text(name).value_or("");
}

std::string Fields::need_long_text(const char* name, std::size_t octets_max) {
  const Json* value = find(name);
  if (value == nullptr || !value->is_string()) {
    wrong(name, value == nullptr ? "is missing" : "a text is wanted");
    return {};
  }
  auto text = value->get<std::string>();
  if (text.size() > octets_max || text.find('\0') != std::string::npos) {
    wrong(name, "too long, or with characters that cannot be");
  }
  return text;
}

std::uint64_t Fields::need_number(const char* name, std::uint64_t least, std::uint64_t most) {
  if (find(name) == nullptr) wrong(name, "is missing");
  return number(name, least, most).value_or(least);
}

std::optional<Answer> Fields::refusal() {
  for (const auto& [name, value] : body_.items()) {
    if (!known_.contains(name)) wrong(text::printable(name), "there is no such member");
  }
  if (errors_.empty()) return std::nullopt;
  return invalid(std::move(errors_));
}

std::optional<std::string> Query::text(const char* name) {
  known_.insert(name);
  auto value = http::query_value(query_, name);
  if (!value) return std::nullopt;
  if (value->size() > kTextOctetsMax || !text::is_utf8(*value) || has_control_octets(*value)) {
    wrong(name, "too long, or with characters that cannot be");
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> Query::number(const char* name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto number = text::number(*value, INT64_MAX);
  if (!number) wrong(name, "a whole number is wanted");
  if (!number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<TenantId> Query::tenant() {
  const auto number = this->number("tenant");
  if (!number) return std::nullopt;
  return TenantId{*number};
}

std::optional<std::string> Query::domain() {
  const auto name = text("domain");
  if (!name) return std::nullopt;
  return text::to_lower(*name);
}

std::optional<Feature> Query::feature() {
  const auto name = text("feature");
  if (!name) return std::nullopt;
  const auto feature = feature_from(*name);
  if (!feature) wrong("feature", "there is no such feature");
  return feature;
}

std::optional<WallTime> Query::time(const char* name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto time = time_from(*value);
  if (!time) wrong(name, kTimeWanted);
  return time;
}

bool Query::flag(const char* name) {
  return word(name, {"true", "false"}) == "true";
}

std::optional<std::string> Query::word(const char* name, const std::vector<std::string>& words) {
  auto value = text(name);
  if (!value) return std::nullopt;
  if (std::count(words.begin(), words.end(), *value) == 0) wrong(name, "is none of those that can be");
  return value;
}

PageRange Query::page() {
  PageRange range;
  if (const auto limit = number("limit")) {
    if (*limit < 1 || *limit > kPageItemsMax) wrong("limit", "1 to 500 is wanted");
    range.items_max = static_cast<std::uint32_t>(std::clamp<std::int64_t>(*limit, 1, kPageItemsMax));
  }
  if (const auto after = text("after")) {
    const auto key = key_of_cursor(*after);
    if (!key) wrong("after", "is not the `next` of a page");
    range.after = key.value_or("");
  }
  return range;
}

std::optional<Answer> Query::refusal() {
  for (const std::string_view pair : text::split(query_, '&')) {
    const std::string name(pair.substr(0, pair.find('=')));
    if (!name.empty() && !known_.contains(name)) {
      errors_.emplace_back(text::printable(name), "there is no such parameter");
    }
  }
  if (errors_.empty()) return std::nullopt;
  return malformed("A parameter of the query cannot be", std::move(errors_));
}

std::string cursor_of(std::string_view key) {
  return text::hex(key);
}

std::optional<std::string> key_of_cursor(std::string_view cursor) {
  auto key = text::unhex(cursor);
  if (!key || key->empty() || !text::is_utf8(*key) || has_control_octets(*key)) return std::nullopt;
  return key;
}

PageRange one_more(PageRange range) {
  ++range.items_max;
  return range;
}

}  // namespace postern::admin
