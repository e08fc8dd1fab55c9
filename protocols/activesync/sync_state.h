// Sync keys, and what the key in a request says about the answer before. MS-ASCMD sections 2.2.3.181 and
// 3.1.5.9 (R5106 to R5122). Pure; the ledgers themselves are in storage/devices.h.
//
// Two generations are known of a collection. Its current key asks for what is new. The previous one means
// that the newest answer was lost: it must be given again, under the same new key, and what the client has
// said is not to be applied twice. Any older key has no meaning any more: the client starts over (status 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "storage/model/device.h"

namespace postern::activesync {

// A key on the wire is a decimal number; "0" begins. nullopt: none that this server gives.
std::optional<std::uint32_t> parse_sync_key(std::string_view text);
std::string sync_key_text(std::uint32_t key);

// The key that follows; never 0. The first key of a ledger should be of chance, so that a key of an earlier
// ledger of the collection is not taken for one of this.
std::uint32_t next_sync_key(std::uint32_t key);

// What a generation points into is the ledger that was asked.
struct InitialSync {};
template <class Generation>
struct CurrentSync {
  const Generation* from;  // told so far
};
template <class Generation>
struct RepeatedSync {
  const Generation* from;      // what the client knows
  const Generation* answered;  // the answer that it did not get: its key, and what it told
};
struct UnknownSyncKey {};

template <class Generation>
using SyncOutcome =
    std::variant<InitialSync, CurrentSync<Generation>, RepeatedSync<Generation>, UnknownSyncKey>;

// `ledger`: nullptr if the collection has none yet.
template <class Generation>
SyncOutcome<Generation> sync_outcome(const Ledger<Generation>* ledger, std::string_view key) {
  const auto number = parse_sync_key(key);
  if (!number) return UnknownSyncKey();
  if (*number == 0) return InitialSync();
  if (ledger == nullptr) return UnknownSyncKey();
  if (ledger->current.key == *number) return CurrentSync<Generation>{&ledger->current};
  if (ledger->previous && ledger->previous->key == *number) {
    return RepeatedSync<Generation>{&*ledger->previous, &ledger->current};
  }
  return UnknownSyncKey();
}

// The ledger after an answer to `from`, be it for the first time or again: what the client knows becomes the
// previous generation, the answer the current one.
template <class Generation>
Ledger<Generation> advanced(const Generation& from, Generation answer) {
  Ledger<Generation> ledger(std::move(answer));
  ledger.previous = from;
  return ledger;
}

}  // namespace postern::activesync
