// What the arguments of SEARCH, SORT and THREAD have in common.
#pragma once

#include <optional>
#include <string>

#include "protocols/imap/grammar/cursor.h"

namespace postern::imap {

// "(" [result option …] ")", behind RETURN (RFC 4731 §3.1)
Search::Return parse_return(Cursor& in);

// [RETURN …] [CHARSET …] and the keys
void parse_search_arguments(Cursor& in, Search& search);

// The keys, to the end of the command, in this charset if one was given.
void parse_program(Cursor& in, const std::optional<std::string>& charset, Search& search);

}  // namespace postern::imap
