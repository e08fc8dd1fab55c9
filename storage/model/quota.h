// What a domain says about room: the pool that its accounts share, what happens to mail for a full account,
// who hears of it, and in which words.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/model/ids.h"

namespace postern {

// What a delivery to a full account is told: 452, try again, or 552, give up.
enum class WhenFull : std::uint8_t { as_settings, defer, reject };
std::string_view name_of(WhenFull when);  // "defer"
std::optional<WhenFull> when_full_from(std::string_view name);

struct DomainQuota {
  std::optional<std::uint64_t> pool_octets;  // of all accounts together; absent: no pool
  std::optional<std::uint64_t> pool_messages;
  WhenFull when_full = WhenFull::as_settings;
  std::string administrator;  // hears of every account's notices, too; empty: nobody
  friend bool operator==(const DomainQuota&, const DomainQuota&) = default;
};

struct DomainUsage {
  std::uint64_t octets = 0;
  std::uint64_t messages = 0;
  std::uint64_t accounts = 0;
};

// What an account is told by mail when it comes there; `relieved`: it is below the first again.
enum class QuotaLevel : std::uint8_t { relieved = 0, most = 80, nearly_all = 95, full = 100 };
constexpr std::array<QuotaLevel, 4> kQuotaLevels{QuotaLevel::relieved, QuotaLevel::most,
                                                 QuotaLevel::nearly_all, QuotaLevel::full};

// UTF-8. {address}, {percent}, {used} and {limit} stand for the account's.
struct QuotaNotice {
  std::string subject;
  std::string text;
  friend bool operator==(const QuotaNotice&, const QuotaNotice&) = default;
};
constexpr std::size_t kNoticeSubjectOctetsMax = 500;
constexpr std::size_t kNoticeTextOctetsMax = 64 * 1024;
QuotaNotice usual_notice(QuotaLevel level);

// What a notice's places stand for.
struct QuotaFacts {
  std::string address;
  std::uint64_t percent = 0;
  std::string used;   // "4.1 GiB" or "9,600 messages"
  std::string limit;  // likewise
};
// "4.1 GiB"
std::string octets_text(std::uint64_t octets);
std::string fill_in(std::string_view text, const QuotaFacts& facts);

// A counter that the nightly recount found to be wrong: a bug, whatever else it is.
struct QuotaDrift {
  AccountId account{};
  std::string what;  // "account octets", "unseen of mailbox 17"
  std::int64_t stored = 0;
  std::int64_t counted = 0;
};

}  // namespace postern
