// What the simulated phone asks: the bodies of its requests, as a phone of protocol version 16.1 writes them.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern::demo {

// What a phone remembers from request to request, as the server gave it.
struct PhoneMemory {
  std::string policy_key = "0";
  std::string folder_key = "0";
  std::string inbox;           // its CollectionId; empty: not known yet
  std::string sync_key = "0";  // of the inbox
};

// What is done on the phone to a message, by its ServerId.
struct PhoneChange {
  std::string id;
  std::optional<bool> read;  // nullopt: it is deleted
};

// MS-ASPROV section 3.1.5.1: the first phase asks for the policy, the second acknowledges that of `key`.
std::string policy_request();
std::string policy_acknowledgement(std::string_view key);
// MS-ASCMD section 2.2.1.4.
std::string folder_sync_request(const PhoneMemory& memory);
// MS-ASCMD section 2.2.1.21. Nothing can be changed under key 0.
std::string sync_request(const PhoneMemory& memory, const std::optional<PhoneChange>& change);
// MS-ASCMD section 2.2.1.13.
std::string ping_request(const PhoneMemory& memory, unsigned heartbeat_s);

}  // namespace postern::demo
