// The request line's query: who asks what, as text or packed in base64. MS-ASHTTP section 2.2.1.1.1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocols/activesync/request.h"
#include "tests/phone/profile.h"

namespace postern::phone {

using activesync::Command;

// What a command says in the query because it has no XML to say it in.
struct Parameters {
  std::string attachment_name;
  std::string collection_id;
  std::string item_id;
  bool save_in_sent = false;
};

struct QueryFacts {
  Command command{};
  ProtocolVersion version{};
  std::string user;
  std::string device_id;
  std::optional<std::uint32_t> policy_key;
  Parameters parameters;
};

std::string query_of(const Profile& profile, const QueryFacts& facts);

}  // namespace postern::phone
