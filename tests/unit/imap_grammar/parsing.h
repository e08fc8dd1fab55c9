// What the grammar's tables share: from argument octets to a value, or to the words of the refusal.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "protocols/imap/grammar/parse.h"

namespace postern::imap {

template <class C>
using Parser = Result<C> (*)(Cursor&);

template <class C>
Result<C> parse(Parser<C> parser, std::string_view arguments) {
  Cursor in(arguments);
  return parser(in);
}

// The value; a refusal fails the test and gives an empty one.
template <class C>
C good(Parser<C> parser, std::string_view arguments) {
  Result<C> parsed = parse(parser, arguments);
  if (parsed) return *std::move(parsed);
  ADD_FAILURE() << arguments.substr(0, 100) << ": " << parsed.error().detail;
  return C{};
}

// "expected … at octet n", or "accepted".
template <class C>
std::string refusal(Parser<C> parser, std::string_view arguments) {
  const Result<C> parsed = parse(parser, arguments);
  return parsed ? "accepted" : parsed.error().detail;
}

inline std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

inline SequenceSet set_of(std::initializer_list<SequenceSet::Range> ranges) {
  return SequenceSet{ranges};
}

}  // namespace postern::imap
