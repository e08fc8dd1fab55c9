// A password, key or token: no print operator, wiped when it goes away.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace postern {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string octets) : octets_(std::move(octets)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : octets_(std::move(other.octets_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      octets_ = other.octets_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      octets_ = std::move(other.octets_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  // The one way to see it; the name makes uses easy to find.
  std::string_view reveal() const { return octets_; }
  bool empty() const { return octets_.empty(); }

 private:
  void wipe();
  std::string octets_;
};

}  // namespace postern
