// The numbers that name things, each its own type so that none can stand in for another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <type_traits>

namespace postern {

enum class TenantId : std::int64_t {};
enum class DomainId : std::int64_t {};
enum class AccountId : std::int64_t {};
enum class MailboxId : std::int64_t {};
enum class BlobId : std::int64_t {};  // one message's octets, kept once per account

enum class Uid : std::uint32_t {};          // RFC 9051 §2.3.1.1: 1 … 2³²−1
enum class UidValidity : std::uint32_t {};  // RFC 9051 §2.3.1.1
enum class ModSeq : std::uint64_t {};       // RFC 7162 §3.1: 1 … 2⁶³−1

template <class Id>
constexpr auto raw(Id id) {
  return static_cast<std::underlying_type_t<Id>>(id);
}

constexpr Uid kUidMax{UINT32_MAX};

// Every mail table leads with the account, so a mailbox is always named together with it.
struct MailboxKey {
  AccountId account{};
  MailboxId mailbox{};
  friend auto operator<=>(const MailboxKey&, const MailboxKey&) = default;
};

}  // namespace postern

template <>
struct std::hash<postern::MailboxKey> {
  std::size_t operator()(const postern::MailboxKey& key) const noexcept {
    return std::hash<std::int64_t>()(postern::raw(key.account) * 1000003 ^ postern::raw(key.mailbox));
  }
};
