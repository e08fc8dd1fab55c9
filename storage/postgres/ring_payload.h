// The text of a NOTIFY: "1 <origin> a<account> m<account>.<mailbox>.<modseq> …", numbers in decimal, the
// origin in 16 hexadecimal digits. "d<account>.<microseconds>.<device>" has payloads of its own, and so has
// "f<host>.<user>" (octets in hexadecimal), which nodes of earlier releases pass over. PostgreSQL takes
// payloads below 8000 octets. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "storage/model/device.h"
#include "storage/model/ids.h"
#include "storage/model/session.h"

namespace postern::postgres {

struct MailboxRing {
  MailboxKey mailbox;
  ModSeq now{};
  friend bool operator==(const MailboxRing&, const MailboxRing&) = default;
};

struct DeviceRing {
  DeviceRing(DeviceKey d, WallTime a) : device(std::move(d)), asked_at(a) {}
  DeviceKey device;
  WallTime asked_at{};
  friend bool operator==(const DeviceRing&, const DeviceRing&) = default;
};

struct Rings {
  std::uint64_t origin = 0;
  std::vector<AccountId> accounts;
  std::vector<MailboxRing> mailboxes;
  std::vector<DeviceRing> devices;
  std::vector<FailedLogin> failed_logins;
};

constexpr std::size_t kPayloadOctetsMax = 7900;

// As many payloads as it takes.
std::vector<std::string> encode_rings(const Rings& rings);
// nullopt for anything that encode_rings does not write.
std::optional<Rings> decode_rings(std::string_view payload);

}  // namespace postern::postgres
