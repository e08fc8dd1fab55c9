// The octets of a file that is read from anywhere in it, in bounded pieces; or of a text that stands for one
// in tests. Blocking: belongs off the loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace postern::mailfiles {

class FileOctets {
 public:
  virtual ~FileOctets() = default;
  virtual std::uint64_t size() const = 0;
  // At most octets_max from offset on, fewer only at the end. unavailable: the file cannot be read.
  virtual Result<std::string> read(std::uint64_t offset, std::size_t octets_max) = 0;
};

class TextOctets final : public FileOctets {
 public:
  explicit TextOctets(std::string_view text) : text_(text) {}  // outlives this
  std::uint64_t size() const override { return text_.size(); }
  Result<std::string> read(std::uint64_t offset, std::size_t octets_max) override {
    if (offset >= text_.size()) return std::string();
    return std::string(text_.substr(static_cast<std::size_t>(offset), octets_max));
  }

 private:
  const std::string_view text_;
};

}  // namespace postern::mailfiles
