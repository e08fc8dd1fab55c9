// Turnstile: of the coroutines of one loop at most so many are inside at a time, the others wait in their
// order. For what many begin at the same moment and what ends soon: nobody waits for a client inside.
#pragma once

#include <deque>
#include <utility>

#include "gateway/async/channel.h"

namespace postern {

class Turnstile {
 public:
  Turnstile(Loop& loop, std::size_t width) : loop_(loop), free_(width) {}
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  // The right to be inside; ends when destroyed or overwritten. Must not outlive the turnstile.
  class [[nodiscard]] Pass {
   public:
    Pass() = default;
    explicit Pass(Turnstile& turnstile) : turnstile_(&turnstile) {}
    Pass(Pass&& other) noexcept : turnstile_(std::exchange(other.turnstile_, nullptr)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(turnstile_, other.turnstile_);
      other.give_back();
      return *this;
    }
    ~Pass() { give_back(); }

   private:
    void give_back() {
      if (turnstile_ != nullptr) std::exchange(turnstile_, nullptr)->leave();
    }
    Turnstile* turnstile_ = nullptr;
  };

  Task<Pass> enter() {
    if (free_ > 0) {
      --free_;
      co_return Pass(*this);
    }
    Promised<bool> turn(loop_);
    waiting_.push_back(&turn);
    co_await turn.get();
    co_return Pass(*this);
  }
  std::size_t waiting() const { return waiting_.size(); }

 private:
  void leave() {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    Promised<bool>* next = waiting_.front();
    waiting_.pop_front();
    next->set(true);
  }

  Loop& loop_;
  std::size_t free_;
  std::deque<Promised<bool>*> waiting_;  // of their frames
};

}  // namespace postern
