#include "storage/postgres/ring_payload.h"

#include <utility>

#include "gateway/base/text.h"

namespace postern::postgres {

namespace {

constexpr std::uint64_t kIdMax = INT64_MAX;  // bigint
constexpr std::size_t kOriginDigits = 16;

std::string head(std::uint64_t origin) {
  std::string octets;
  for (int shift = 56; shift >= 0; shift -= 8) octets += static_cast<char>(origin >> shift & 0xFF);
  return "1 " + text::hex(octets);
}

// Digits as encode_rings writes them: no leading zero, so that there is one text for one value.
std::optional<std::uint64_t> id(std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  return text::number(digits, kIdMax);
}

bool read_device(std::string_view item, Rings& out) {
  const std::vector<std::string_view> fields = text::split(item, '.');
  if (fields.size() != 3 || !check_device_id(fields[2])) return false;
  const auto account = id(fields[0]);
  const auto asked_at_us = id(fields[1]);
  if (!account || !asked_at_us) return false;
  DeviceKey device(AccountId{static_cast<std::int64_t>(*account)}, std::string(fields[2]));
  out.devices.emplace_back(std::move(device), WallTime(std::chrono::microseconds(*asked_at_us)));
  return true;
}

bool read_failed_login(std::string_view item, Rings& out) {
  const std::vector<std::string_view> fields = text::split(item, '.');
  if (fields.size() != 2) return false;
  auto host = text::unhex(fields[0]);
  auto user = text::unhex(fields[1]);
  if (!host || !user) return false;
  if (host->size() > FailedLogin::kHostOctetsMax || user->size() > FailedLogin::kUserOctetsMax) return false;
  out.failed_logins.emplace_back(*std::move(host), *std::move(user));
  return true;
}

bool read_item(std::string_view item, Rings& out) {
  if (item.size() < 2) return false;
  if (item.front() == 'f') return read_failed_login(item.substr(1), out);
  if (item.front() == 'd') return read_device(item.substr(1), out);
  const std::vector<std::string_view> numbers = text::split(item.substr(1), '.');
  std::vector<std::uint64_t> values;
  for (const std::string_view number : numbers) {
    const auto value = id(number);
    if (!value) return false;
    values.push_back(*value);
  }
  if (item.front() == 'a' && values.size() == 1) {
    out.accounts.push_back(AccountId{static_cast<std::int64_t>(values[0])});
    return true;
  }
  if (item.front() != 'm' || values.size() != 3) return false;
  MailboxRing ring;
  ring.mailbox.account = AccountId{static_cast<std::int64_t>(values[0])};
  ring.mailbox.mailbox = MailboxId{static_cast<std::int64_t>(values[1])};
  ring.now = ModSeq{values[2]};
  out.mailboxes.push_back(ring);
  return true;
}

}  // namespace

std::vector<std::string> encode_rings(const Rings& rings) {
  std::vector<std::string> out;
  const std::string start = head(rings.origin);
  std::string payload = start;
  const auto put = [&](const std::string& item) {
    if (payload.size() + item.size() > kPayloadOctetsMax) out.push_back(std::exchange(payload, start));
    payload += item;
  };
  for (const AccountId account : rings.accounts) put(" a" + std::to_string(raw(account)));
  for (const MailboxRing& ring : rings.mailboxes) {
    put(" m" + std::to_string(raw(ring.mailbox.account)) + "." + std::to_string(raw(ring.mailbox.mailbox)) +
        "." + std::to_string(raw(ring.now)));
  }
  const auto end = [&] {
    if (payload.size() > start.size()) out.push_back(std::exchange(payload, start));
  };
  end();
  for (const DeviceRing& ring : rings.devices) {
    put(" d" + std::to_string(raw(ring.device.account)) + "." +
        std::to_string(ring.asked_at.time_since_epoch().count()) + "." + ring.device.id);
  }
  end();
  for (const FailedLogin& failed : rings.failed_logins) {
    put(" f" + text::hex(failed.host.substr(0, FailedLogin::kHostOctetsMax)) + "." +
        text::hex(failed.user.substr(0, FailedLogin::kUserOctetsMax)));
  }
  end();
  return out;
}

std::optional<Rings> decode_rings(std::string_view payload) {
  const std::vector<std::string_view> words = text::split(payload, ' ');
  if (words.size() < 3 || words[0] != "1" || words[1].size() != kOriginDigits) return std::nullopt;
  const auto origin = text::unhex(words[1]);
  if (!origin) return std::nullopt;
  Rings rings;
  for (const char octet : *origin) rings.origin = rings.origin << 8 | static_cast<unsigned char>(octet);
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (!read_item(words[i], rings)) return std::nullopt;
  }
  return rings;
}

}  // namespace postern::postgres
