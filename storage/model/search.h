// SearchCriteria: a protocol-neutral query tree (RFC 9051 §6.4.4 has the richest set; ActiveSync uses a
// part). Texts are UTF-8; matching is substring, without case after Unicode folding.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/model/flags.h"
#include "storage/model/uid_set.h"

namespace postern {

constexpr std::size_t kSearchDepthMax = 1000;

enum class SearchKind : std::uint8_t {
  all,          // every message
  conjunction,  // all of children
  disjunction,  // any of children
  negation,     // not children[0]
  uids,         // uid in uids
  flag,         // system flag bit set (flag_bits)
  keyword,      // keyword `text` set
  internal_before,
  internal_on,
  internal_since,    // INTERNALDATE's day, time of day and zone disregarded
  internal_older,    // INTERNALDATE at or before `number`, in seconds since 1970 (RFC 5032)
  internal_younger,  // at or after it
  saved_before,
  saved_on,
  saved_since,  // the day, in UTC, on which the message came into its mailbox (RFC 8514)
  sent_before,
  sent_on,
  sent_since,  // Date: header's day, zone disregarded
  larger,
  smaller,  // RFC822.SIZE strictly beyond / below `number`
  header,   // header field `field` contains `text`; empty text: the field exists
  address,  // From, To, Cc or Bcc (`field`) contains `text` in name or address
  subject,  // decoded Subject contains `text`
  body,     // a text part's decoded content contains `text`
  text,     // header or body contains `text`
  modseq,   // mod-sequence at least `number` (RFC 7162 §3.1.5)
};

struct SearchKey {
  SearchKind kind = SearchKind::all;
  std::vector<SearchKey> children;
  UidSet uids;
  std::uint8_t flag_bits = 0;
  std::string field;
  std::string text;
  std::uint64_t number = 0;
  std::chrono::sys_days day{};
  friend bool operator==(const SearchKey&, const SearchKey&) = default;
};

using SearchCriteria = SearchKey;  // the root

}  // namespace postern
