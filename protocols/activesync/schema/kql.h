// Keyword Query Language, in which Find and Search are asked: words, phrases, properties and operators become
// criteria of the store. [MS-KQL] section 2; the properties are those of mail that clients use. Pure.
//
//   from:"Zoe" OR subject:"plan" OR "Zoe's plan"      budget -draft received>=2026-01-01 (hasattachment:true)
//
// Whatever somebody types is a query: a property that is not known and a quotation that does not end are
// words, an operator without operand is nothing. NEAR, ONEAR, WORDS, ALL, ANY, NONE and XRANK are words, too.
#pragma once

#include <chrono>
#include <string_view>

#include "gateway/base/result.h"
#include "storage/model/search.h"

namespace postern::activesync {

constexpr std::size_t kKqlTermsMax = 50;
constexpr std::size_t kKqlDepthMax = 16;  // of parentheses

// A word is looked for in addresses, subject and texts, as a part of them. `today` is what "today" means.
// invalid: nothing to look for; too_large: beyond the bounds.
Result<SearchCriteria> parse_kql(std::string_view text, std::chrono::sys_days today);

}  // namespace postern::activesync
