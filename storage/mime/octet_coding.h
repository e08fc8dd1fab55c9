// Numbers and texts as octets, for structure_codec: LEB128 numbers, texts with their length in front.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace postern::mime {

class OctetWriter {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) octets_ += static_cast<char>(0x80 | (value & 0x7f));
    octets_ += static_cast<char>(value);
  }
  void text(std::string_view value) {
    number(value.size());
    octets_ += value;
  }
  void optional_text(const std::optional<std::string>& value) {
    number(value ? value->size() + 1 : 0);
    if (value) octets_ += *value;
  }
  std::string take() { return std::move(octets_); }

 private:
  std::string octets_;
};

// Remembers that something was wrong and then yields zeros and empty texts.
class OctetReader {
 public:
  explicit OctetReader(std::string_view octets) : rest_(octets) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto octet = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      const std::uint64_t bits = octet & 0x7fU;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if (octet < 0x80) return value;
    }
    fail();
    return 0;
  }
  // At most max, and something must follow for each of that many things.
  std::size_t count(std::uint64_t max, std::size_t octets_each_min) {
    const std::uint64_t value = number();
    if (value > max || value > rest_.size() / octets_each_min) fail();
    return ok_ ? static_cast<std::size_t>(value) : 0;
  }
  std::string_view octets(std::uint64_t size) {
    if (size > rest_.size()) fail();
    const std::string_view value = ok_ ? rest_.substr(0, static_cast<std::size_t>(size)) : std::string_view();
    if (ok_) rest_.remove_prefix(value.size());
    return value;
  }
  std::string text() { return std::string(octets(number())); }
  std::optional<std::string> optional_text() {
    const std::uint64_t size = number();
    if (size == 0) return std::nullopt;
    return std::string(octets(size - 1));
  }
  void fail() {
    ok_ = false;
    rest_ = {};
  }
  bool ok() const { return ok_; }
  // Nothing was wrong and nothing is left over.
  bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace postern::mime
