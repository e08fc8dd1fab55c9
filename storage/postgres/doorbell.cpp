#include "storage/postgres/doorbell.h"

#include <algorithm>
#include <utility>

#include "storage/postgres/ring_payload.h"

namespace postern::postgres {

namespace {

constexpr const char* kChannel = "postern";
constexpr std::chrono::seconds kSampleLost{30};

std::uint64_t random_origin() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

Doorbell::Doorbell(Database& database, ChangeBus& bus, const Settings& settings, Metrics metrics)
    : database_(database),
      bus_(bus),
      gather_for_(settings.store.doorbell_ms),
      metrics_(std::move(metrics)),
      origin_(random_origin()),
      gather_timer_(database.loop(), [this] { send_gathered(); }),
      watch_(database, bus, settings) {
  auto on_notify = [this](std::string_view payload) { heard(payload); };
  auto on_listening = [this] { watch_.look_now(); };
  database_.listen(kChannel, std::move(on_notify), std::move(on_listening));
}

void Doorbell::ring(MailboxKey mailbox, ModSeq now) {
  ModSeq& newest = gathered_[mailbox];
  newest = std::max(newest, now);
  gather();
  tell(mailbox, now);
}

void Doorbell::ring_account(AccountId account) {
  gathered_accounts_.insert(account);
  gather();
  bus_.ring_account(account);
}

void Doorbell::ring_device(const DeviceKey& device, WallTime asked_at) {
  WallTime& newest = gathered_devices_[device];
  newest = std::max(newest, asked_at);
  gather();
  bus_.ring_device(device, asked_at);
}

void Doorbell::ring_failed_login(FailedLogin failed) {
  if (gathered_failed_logins_.size() >= kFailedLoginsMax) return;
  gathered_failed_logins_.push_back(std::move(failed));
  gather();
}

void Doorbell::gather() {
  if (closing_ || gather_timer_.active()) return;
  gathering_since_ = std::chrono::steady_clock::now();
  gather_timer_.start(gather_for_);
}

void Doorbell::send_gathered() {
  Rings rings;
  rings.origin = origin_;
  rings.accounts.assign(gathered_accounts_.begin(), gathered_accounts_.end());
  for (const auto& entry : gathered_) rings.mailboxes.push_back(MailboxRing{entry.first, entry.second});
  for (const auto& entry : gathered_devices_) rings.devices.emplace_back(entry.first, entry.second);
  rings.failed_logins = std::exchange(gathered_failed_logins_, {});
  gathered_.clear();
  gathered_accounts_.clear();
  gathered_devices_.clear();
  std::vector<std::string> payloads = encode_rings(rings);
  const bool free = sample_.payload.empty() || gathering_since_ - sample_.since > kSampleLost;
  if (free && !payloads.empty()) sample_ = {payloads.front(), gathering_since_};
  for (std::string& payload : payloads) database_.notify(kChannel, std::move(payload));
}

void Doorbell::heard(std::string_view payload) {
  const std::optional<Rings> rings = decode_rings(payload);
  if (!rings) {
    database_.log().event(Level::warning, "doorbell.unreadable", {{"octets", payload.size()}});
    return;
  }
  if (rings->origin == origin_) {
    if (payload == sample_.payload) {
      metrics_.observe(Metric::bell_seconds, sample_.since);
      sample_.payload.clear();
    }
    return;
  }
  for (const AccountId account : rings->accounts) bus_.ring_account(account);
  for (const DeviceRing& ring : rings->devices) bus_.ring_device(ring.device, ring.asked_at);
  for (const FailedLogin& failed : rings->failed_logins) bus_.ring_failed_login(failed);
  for (const MailboxRing& ring : rings->mailboxes) tell(ring.mailbox, ring.now);
}

void Doorbell::tell(MailboxKey mailbox, ModSeq now) {
  watch_.told(mailbox, now);
  bus_.ring(mailbox, now);
}

Task<void> Doorbell::close() {
  closing_ = true;
  gather_timer_.stop();
  send_gathered();
  co_await watch_.close();
}

}  // namespace postern::postgres
