// The key with which a ledger begins: of chance, so that a key of an earlier ledger of the same collection is
// not taken for one of this.
#pragma once

#include <cstdint>

namespace postern::activesync {

// 1 … 2³⁰: there is room to count up from it.
std::uint32_t first_sync_key();

}  // namespace postern::activesync
