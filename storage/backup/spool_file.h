// SpoolFile: octets on the local disk that have no name and go away with it: what is uploaded, and what was
// downloaded. In TMPDIR, or /var/tmp.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/mailfiles/file_octets.h"

namespace postern::backup {

class SpoolFile final : public mailfiles::FileOctets {
 public:
  static Result<std::unique_ptr<SpoolFile>> create();  // unavailable
  ~SpoolFile() override;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;

  Result<void> append(std::string_view octets);  // unavailable: the local disk is full
  Result<void> clear();
  std::uint64_t size() const override { return size_; }
  Result<std::string> read(std::uint64_t offset, std::size_t octets_max) override;

 private:
  explicit SpoolFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace postern::backup
