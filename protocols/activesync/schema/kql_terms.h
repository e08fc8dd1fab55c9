// A single term of a query in KQL as a criterion: a word, or a property with what is said of it. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "storage/model/search.h"

namespace postern::activesync {

enum class KqlComparison : std::uint8_t { is, is_not, below, at_most, above, at_least };

struct KqlTerm {
  std::string property;  // as typed; empty: a word or phrase
  KqlComparison comparison = KqlComparison::is;
  std::string value;
};

bool is_kql_property(std::string_view name);

// nullopt: the property does not take such a value.
std::optional<SearchKey> criterion_of(const KqlTerm& term, std::chrono::sys_days today);

// In addresses, subject or texts.
SearchKey anywhere(std::string_view text);

// Of one key itself.
SearchKey any_of(std::vector<SearchKey> keys);
SearchKey all_of(std::vector<SearchKey> keys);
SearchKey none_of(SearchKey key);

}  // namespace postern::activesync
