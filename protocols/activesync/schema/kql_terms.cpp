#include "protocols/activesync/schema/kql_terms.h"

#include <array>

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

enum class Takes : std::uint8_t {
  address,
  subject,
  body,
  received,
  sent,
  size,
  read,
  flagged,
  attachment,
  kind
};

struct Property {
  std::string_view name;
  Takes takes;
  std::string_view fields = {};  // of address, separated by commas
};
constexpr Property kProperties[] = {
    {"from", Takes::address, "From"},
    {"to", Takes::address, "To"},
    {"cc", Takes::address, "Cc"},
    {"bcc", Takes::address, "Bcc"},
    {"participants", Takes::address, "From,To,Cc,Bcc"},
    {"recipients", Takes::address, "To,Cc,Bcc"},
    {"subject", Takes::subject},
    {"body", Takes::body},
    {"received", Takes::received},
    {"date", Takes::received},
    {"sent", Takes::sent},
    {"size", Takes::size},
    {"isread", Takes::read},
    {"read", Takes::read},
    {"isflagged", Takes::flagged},
    {"hasattachment", Takes::attachment},
    {"hasattachments", Takes::attachment},
    {"kind", Takes::kind},
};

const Property* find_property(std::string_view name) {
  for (const Property& property : kProperties) {
    if (text::same(property.name, name)) return &property;
  }
  return nullptr;
}

SearchKey contains(SearchKind kind, std::string_view text, std::string_view field = {}) {
  SearchKey key;
  key.kind = kind;
  key.field = field;
  key.text = text;
  return key;
}

std::vector<SearchKey> in_addresses(std::string_view fields, std::string_view text) {
  std::vector<SearchKey> keys;
  for (const std::string_view field : text::split(fields, ',')) {
    keys.push_back(contains(SearchKind::address, text, field));
  }
  return keys;
}

std::optional<bool> truth_of(std::string_view value) {
  if (text::same(value, "true") || text::same(value, "yes") || value == "1") return true;
  if (text::same(value, "false") || text::same(value, "no") || value == "0") return false;
  return std::nullopt;
}

SearchKey if_true(bool truth, SearchKey key) {
  return truth ? key : none_of(std::move(key));
}

SearchKey with_flag(SystemFlag flag) {
  SearchKey key;
  key.kind = SearchKind::flag;
  key.flag_bits = static_cast<std::uint8_t>(flag);
  return key;
}

std::optional<sys_days> date_of(std::array<std::string_view, 3> year_month_day) {
  std::array<unsigned, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto number = text::number(year_month_day[i], 9999);
    if (!number) return std::nullopt;
    numbers[i] = static_cast<unsigned>(*number);
  }
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(numbers[0])),
                                         std::chrono::month(numbers[1]), std::chrono::day(numbers[2]));
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

// "2026-11-23" with or without a time, "11/23/2026", "today", "yesterday".
std::optional<sys_days> day_of(std::string_view value, sys_days today) {
  if (text::same(value, "today")) return today;
  if (text::same(value, "yesterday")) return today - days(1);
  const auto slashed = text::split(value, '/');
  if (slashed.size() == 3) return date_of({slashed[2], slashed[0], slashed[1]});
  const auto dashed = text::split(value.substr(0, value.find('T')), '-');
  if (dashed.size() == 3) return date_of({dashed[0], dashed[1], dashed[2]});
  return std::nullopt;
}

// The three kinds stand in this order in SearchKind, for both dates.
struct DateKinds {
  SearchKind before, on, since;
};

SearchKey on_day(SearchKind kind, sys_days day) {
  SearchKey key;
  key.kind = kind;
  key.day = day;
  return key;
}

std::optional<SearchKey> dated(const KqlTerm& term, DateKinds kinds, sys_days today) {
  if (const std::size_t dots = term.value.find(".."); dots != std::string::npos) {
    const auto first = day_of(std::string_view(term.value).substr(0, dots), today);
    const auto last = day_of(std::string_view(term.value).substr(dots + 2), today);
    if (!first || !last) return std::nullopt;
    return all_of({on_day(kinds.since, *first), on_day(kinds.before, *last + days(1))});
  }
  const auto day = day_of(term.value, today);
  if (!day) return std::nullopt;
  switch (term.comparison) {
    case KqlComparison::is: return on_day(kinds.on, *day);
    case KqlComparison::is_not: return none_of(on_day(kinds.on, *day));
    case KqlComparison::below: return on_day(kinds.before, *day);
    case KqlComparison::at_most: return on_day(kinds.before, *day + days(1));
    case KqlComparison::above: return on_day(kinds.since, *day + days(1));
    case KqlComparison::at_least: return on_day(kinds.since, *day);
  }
  return std::nullopt;
}

std::optional<SearchKey> sized(const KqlTerm& term) {
  constexpr std::uint64_t kOctetsMax = 1ull << 40;
  const auto octets = text::number(term.value, kOctetsMax);
  if (!octets) return std::nullopt;
  const auto beyond = [](SearchKind kind, std::uint64_t number) {
    SearchKey key;
    key.kind = kind;
    key.number = number;
    return key;
  };
  switch (term.comparison) {
    case KqlComparison::below: return beyond(SearchKind::smaller, *octets);
    case KqlComparison::at_most: return beyond(SearchKind::smaller, *octets + 1);
    case KqlComparison::above: return beyond(SearchKind::larger, *octets);
    case KqlComparison::at_least: return none_of(beyond(SearchKind::smaller, *octets));
    case KqlComparison::is:
    case KqlComparison::is_not: break;
  }
  const SearchKey exactly =
      all_of({none_of(beyond(SearchKind::smaller, *octets)), none_of(beyond(SearchKind::larger, *octets))});
  return if_true(term.comparison == KqlComparison::is, exactly);
}

std::optional<SearchKey> stated(const KqlTerm& term, SearchKey key) {
  const auto truth = truth_of(term.value);
  if (!truth) return std::nullopt;
  return if_true(*truth == (term.comparison != KqlComparison::is_not), std::move(key));
}

}  // namespace

bool is_kql_property(std::string_view name) {
  return find_property(name) != nullptr;
}

SearchKey any_of(std::vector<SearchKey> keys) {
  if (keys.size() == 1) return std::move(keys.front());
  SearchKey key;
  key.kind = SearchKind::disjunction;
  key.children = std::move(keys);
  return key;
}

SearchKey all_of(std::vector<SearchKey> keys) {
  if (keys.size() == 1) return std::move(keys.front());
  SearchKey key;
  key.kind = SearchKind::conjunction;
  key.children = std::move(keys);
  return key;
}

SearchKey none_of(SearchKey key) {
  SearchKey negation;
  negation.kind = SearchKind::negation;
  negation.children.push_back(std::move(key));
  return negation;
}

SearchKey anywhere(std::string_view text) {
  std::vector<SearchKey> keys = in_addresses("From,To,Cc,Bcc", text);
  keys.push_back(contains(SearchKind::subject, text));
  keys.push_back(contains(SearchKind::body, text));
  return any_of(std::move(keys));
}

std::optional<SearchKey> criterion_of(const KqlTerm& term, sys_days today) {
  const Property* property = find_property(term.property);
  const bool holds = term.comparison != KqlComparison::is_not;
  if (property == nullptr) return anywhere(term.value);
  switch (property->takes) {
    case Takes::address: return if_true(holds, any_of(in_addresses(property->fields, term.value)));
    case Takes::subject: return if_true(holds, contains(SearchKind::subject, term.value));
    case Takes::body: return if_true(holds, contains(SearchKind::body, term.value));
    case Takes::received:
      return dated(term, {SearchKind::internal_before, SearchKind::internal_on, SearchKind::internal_since},
                   today);
    case Takes::sent:
      return dated(term, {SearchKind::sent_before, SearchKind::sent_on, SearchKind::sent_since}, today);
    case Takes::size: return sized(term);
    case Takes::read: return stated(term, with_flag(SystemFlag::seen));
    case Takes::flagged: return stated(term, with_flag(SystemFlag::flagged));
    // The store knows no better: what carries attachments is mixed.
    case Takes::attachment:
      return stated(term, contains(SearchKind::header, "multipart/mixed", "Content-Type"));
    case Takes::kind: return if_true(text::same(term.value, "email") == holds, SearchKey());
  }
  return std::nullopt;
}

}  // namespace postern::activesync
