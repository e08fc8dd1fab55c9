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
  noted_ |= bit(what);
}

Task<Woken> ChangeWait::next() {
  while (noted_ == 0) co_await bell_.next();
  for (const Woken what : kInOrder) {
    if ((noted_ & bit(what)) == 0) continue;
    noted_ = static_cast<std::uint8_t>(noted_ & ~bit(what));
    co_return what;
  }
  co_return Woken::expired;
}

}  // namespace postern::activesync
