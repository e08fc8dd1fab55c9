// Packs: messages' octets as a tar archive (POSIX ustar) under one zstd frame, so that tar and zstd can read
// them. A member is called "<blob>.eml".
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "storage/model/ids.h"

namespace postern::backup {

class PackWriter {
 public:
  void add(BlobId blob, std::string_view octets);
  bool empty() const { return tar_.empty(); }
  std::size_t size() const { return tar_.size(); }
  // The file's octets; the writer is empty again. internal: zstd.
  Result<std::string> finish();

 private:
  std::string tar_;
};

class Pack {
 public:
  // invalid: torn, or not what it says it is. Bounded by kUnpackedMax.
  static Result<Pack> read(std::string_view file);
  // nullopt: it has no such member.
  const std::string_view* find(BlobId blob) const;
  std::size_t size() const { return members_.size(); }
  static constexpr std::uint64_t kUnpackedMax = 4ull * 1024 * 1024 * 1024;

 private:
  std::string tar_;
  std::map<BlobId, std::string_view> members_;
};

// One zstd frame, with a checksum.
Result<std::string> compress(std::string_view octets);
Result<std::string> decompress(std::string_view frame, std::uint64_t octets_max);
std::string sha256_hex(std::string_view octets);

}  // namespace postern::backup
