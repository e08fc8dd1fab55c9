#include "protocols/activesync/change_wait.h"

namespace postern::activesync {

namespace {
constexpr std::uint8_t bit(Woken what) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(what));
}
constexpr Woken kInOrder[] = {Woken::gone, Woken::newer_request, Woken::account, Woken::mailbox,
                              Woken::expired};
}  // namespace

ChangeWait::ChangeWait(Loop& loop, ChangeBus& bus, http::Exchange& exchange, const Device& device,
                       const std::vector<MailboxKey>& mailboxes, Milliseconds span)
    : exchange_(exchange), bell_(loop), timer_(loop, [this] { note(Woken::expired); }) {
  for (const MailboxKey mailbox : mailboxes) {
    subscriptions_.push_back(bus.listen(mailbox, [this](ModSeq) { note(Woken::mailbox); }));
  }
  subscriptions_.push_back(bus.listen_account(device.key.account, [this] { note(Woken::account); }));
  subscriptions_.push_back(bus.listen_device(device.key, [this, asked_at = device.asked_at](WallTime newer) {
    if (newer > asked_at) note(Woken::newer_request);
  }));
  timer_.start(span);
  // A server that stops says what it would say at the end of the time: the device asks another one.
  exchange_.watch([this] { note(exchange_.stopping() ? Woken::expired : Woken::gone); });
}

ChangeWait::~ChangeWait() {
  exchange_.unwatch();
}

void ChangeWait::note(Woken what) {
  if (noted_ == 0) bell_.send(true);
  const bool rings = what == Woken::mailbox && (noted_ & bit(what)) == 0;
  if (rings) first_ring_ = std::chrono::steady_clock::now();
  noted_ |= bit(what);
}

void ChangeWait::told(const Metrics& metrics) const {
  static const std::size_t kLabel = label_index(family_of(Metric::push_seconds).first, "mobile_sync");
  if (rung_at_) metrics.observe(Metric::push_seconds, *rung_at_, kLabel);
}

Task<Woken> ChangeWait::next() {
  while (noted_ == 0) co_await bell_.next();
  for (const Woken what : kInOrder) {
    if ((noted_ & bit(what)) == 0) continue;
    noted_ = static_cast<std::uint8_t>(noted_ & ~bit(what));
    rung_at_.reset();
    if (what == Woken::mailbox) rung_at_ = first_ring_;
    co_return what;
  }
  co_return Woken::expired;
}

}  // namespace postern::activesync
