// Threads of messages (RFC 5256 §3): by subject and date, or by what answers what. Pure. The cost follows the
// messages and their references, whatever those refer to: who sends mail must not choose what a search costs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/clock.h"

namespace postern::imap {

constexpr std::size_t kReferencesMax = 100;  // of one message: the last ones

struct Threadable {
  std::uint32_t number = 0;  // or UID: what is told
  WallTime sent{};
  std::string subject;  // base subject
  bool is_reply = false;
  std::string message_id;               // without angle brackets; empty: none
  std::vector<std::string> references;  // oldest first; of In-Reply-To if there is no References
};

// Of memory.
std::uint64_t octets_of(const Threadable& message);

// The ids in a References or In-Reply-To field: what stands in angle brackets.
std::vector<std::string> ids_in(std::string_view field);

// "(2)(3 6 (4 23)(44 7 96))"; empty for no messages.
std::string threads_by_subject(std::vector<Threadable> messages);
std::string threads_by_references(std::vector<Threadable> messages);

}  // namespace postern::imap
