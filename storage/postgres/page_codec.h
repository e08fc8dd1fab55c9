// The octets of message_pages.data: the only unit that knows them. One entry per message, by UID:
//   uid (4, big endian) | modseq (8, big endian) | system flags (1) | n (1) | n keyword numbers (1 each,
//   ascending)
// Big endian, so that SQL can append an entry with int4send() and int8send() in a delivery's one statement.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "storage/mailbox_index.h"

namespace postern::postgres {

// Keyword sets are interned in `keywords`. internal: the octets are damaged.
Result<std::vector<MessageState>> decode_page(std::string_view octets, KeywordTable& keywords);
std::string encode_page(const std::vector<MessageState>& states, const KeywordTable& keywords);
// What follows uid and modseq in an entry: for appending in SQL.
std::string encode_flags(std::uint8_t system, const std::vector<KeywordTable::Number>& keywords);

}  // namespace postern::postgres
