// The text of a NOTIFY: "1 <origin> a<account> m<account>.<mailbox>.<modseq> …", numbers in decimal, the
// origin in 16 hexadecimal digits. PostgreSQL takes payloads below 8000 octets. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/model/ids.h"

namespace postern::postgres {

struct MailboxRing {
  MailboxKey mailbox;
  ModSeq now{};
  friend bool operator==(const MailboxRing&, const MailboxRing&) = default;
};

struct Rings {
  std::uint64_t origin = 0;
  std::vector<AccountId> accounts;
  std::vector<MailboxRing> mailboxes;
};

constexpr std::size_t kPayloadOctetsMax = 7900;

// As many payloads as it takes.
std::vector<std::string> encode_rings(const Rings& rings);
// nullopt for anything that encode_rings does not write.
std::optional<Rings> decode_rings(std::string_view payload);

}  // namespace postern::postgres
