// Numbers and texts as octets and back: what ledgers keep of this protocol and nobody else reads. A reader
// past the end, or at what no writer wrote, yields zeros and says so in ok(). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/model/uid_set.h"

namespace postern::activesync {

class OctetWriter {
 public:
  // Seven bits an octet, the low ones first.
  void number(std::uint64_t value);
  void text(std::string_view octets);
  void uids(const UidSet& set);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}
  std::uint64_t number(std::uint64_t max = UINT64_MAX);
  std::string text();
  UidSet uids();
  // How many things follow; never more than there are octets left.
  std::size_t count() { return static_cast<std::size_t>(number(rest_.size())); }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace postern::activesync
