#include "storage/postgres/page_codec.h"

#include <cassert>

namespace postern::postgres {

namespace {

constexpr std::size_t kEntryHeadOctets = 4 + 8 + 1 + 1;

std::uint64_t read_big_endian(std::string_view octets) {
  std::uint64_t value = 0;
  for (const char c : octets) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

void append_big_endian(std::string& out, std::uint64_t value, int octets) {
  for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

Result<std::vector<KeywordTable::Number>> keyword_numbers(std::string_view octets) {
  std::vector<KeywordTable::Number> numbers;
  numbers.reserve(octets.size());
  for (const char c : octets) {
    const auto number = static_cast<KeywordTable::Number>(c);
    if (number >= kKeywordsPerMailboxMax)
      return Error(ErrorKind::internal, "page names an impossible keyword");
    if (!numbers.empty() && numbers.back() >= number)
      return Error(ErrorKind::internal, "page: keywords out of order");
    numbers.push_back(number);
  }
  return numbers;
}

}  // namespace

Result<std::vector<MessageState>> decode_page(std::string_view octets, KeywordTable& keywords) {
  std::vector<MessageState> states;
  states.reserve(octets.size() / kEntryHeadOctets);
  while (!octets.empty()) {
    if (octets.size() < kEntryHeadOctets) return Error(ErrorKind::internal, "page ends inside an entry");
    const auto keyword_count = static_cast<unsigned char>(octets[13]);
    if (octets.size() - kEntryHeadOctets < keyword_count) {
      return Error(ErrorKind::internal, "page ends inside an entry's keywords");
    }
    MessageState state;
    state.uid = Uid(static_cast<std::uint32_t>(read_big_endian(octets.substr(0, 4))));
    state.modseq = ModSeq(read_big_endian(octets.substr(4, 8)));
    if (!states.empty() && states.back().uid >= state.uid)
      return Error(ErrorKind::internal, "page: UIDs out of order");
    TRY(auto numbers, keyword_numbers(octets.substr(kEntryHeadOctets, keyword_count)));
    state.flags = static_cast<unsigned char>(octets[12]) | keywords.intern(std::move(numbers)) << 8;
    states.push_back(state);
    octets.remove_prefix(kEntryHeadOctets + keyword_count);
  }
  return states;
}

std::string encode_flags(std::uint8_t system, const std::vector<KeywordTable::Number>& keywords) {
  assert(keywords.size() <= kKeywordsPerMailboxMax);
  std::string out;
  out.reserve(2 + keywords.size());
  out.push_back(static_cast<char>(system));
  out.push_back(static_cast<char>(keywords.size()));
  for (const auto number : keywords) out.push_back(static_cast<char>(number));
  return out;
}

std::string encode_page(const std::vector<MessageState>& states, const KeywordTable& keywords) {
  std::string out;
  out.reserve(states.size() * kEntryHeadOctets);
  for (const MessageState& state : states) {
    append_big_endian(out, raw(state.uid), 4);
    append_big_endian(out, raw(state.modseq), 8);
    out += encode_flags(state.system(), keywords.set(state.keyword_set()));
  }
  return out;
}

}  // namespace postern::postgres
