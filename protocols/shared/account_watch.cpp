#include "protocols/shared/account_watch.h"

namespace postern {

AccountWatch::AccountWatch(const Services& services, AccountId account, Feature door,
                           std::function<void()> on_revoked)
    : store_(services.store),
      account_(account),
      door_(door),
      on_revoked_(std::move(on_revoked)),
      subscription_(store_.changes().listen_account(account, [this] { heard(); })),
      asking_(services.loop) {}

void AccountWatch::heard() {
  if (!on_revoked_) return;
  again_ = true;
  if (asking_.running() == 0) asking_.start(ask());
}

Task<void> AccountWatch::ask() {
  while (on_revoked_ && std::exchange(again_, false)) {
    const auto record = co_await store_.directory().account(account_);
    const bool gone = !record && record.error().kind == ErrorKind::not_found;
    const bool kept = record && record->status == AccountStatus::active && record->allows(door_);
    // A database that cannot answer is no reason to end sessions.
    if (!gone && (kept || !record)) continue;
    const auto tell = std::exchange(on_revoked_, nullptr);
    if (tell) tell();
  }
}

Task<void> AccountWatch::ended() {
  subscription_ = Subscription();
  on_revoked_ = nullptr;
  co_await asking_.drained();
}

}  // namespace postern
