// The second half of SEARCH: from what the client wrote to the store's SearchCriteria, once the session's
// view of the mailbox is known. Pure.
#pragma once

#include <cstdint>
#include <functional>

#include "protocols/imap/command.h"

namespace postern::imap {

// What the session knows and the grammar does not.
struct SearchView {
  std::uint32_t exists = 0;                      // messages in the view
  std::function<Uid(std::uint32_t number)> uid;  // 1 … exists
  UidSet recent;                                 // \Recent in this session
  UidSet saved;                                  // by the last SEARCH (RFC 5182)
  std::function<UidSet(const std::string&)> with_email_id;
  WallTime now{};
};

// Charsets that CHARSET accepts, for BADCHARSET.
extern const std::string_view kSearchCharsets;

SearchCriteria resolve(SearchProgram program, const SearchView& view);

}  // namespace postern::imap
