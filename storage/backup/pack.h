// Packs: messages' octets as a tar archive (POSIX ustar) under one zstd frame, so that tar and zstd can read
// them. A member is called "<blob>.eml".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "storage/backup/zstd_stream.h"
#include "storage/model/ids.h"

namespace postern::backup {

class PackWriter {
 public:
  explicit PackWriter(std::unique_ptr<ShelfFile> file) : out_(std::move(file)) {}
  Result<void> add(BlobId blob, std::string_view octets);
  std::uint64_t size() const { return size_; }  // before compression
  Result<void> finish();

 private:
  ZstdWriter out_;
  std::uint64_t size_ = 0;
};

class Pack {
 public:
  // invalid: torn, or not what it says it is; too_large: beyond kUnpackedMax.
  static Result<Pack> read(std::unique_ptr<FileOctets> file);
  // nullopt: it has no such member.
  const std::string_view* find(BlobId blob) const;
  std::size_t size() const { return members_.size(); }
  static constexpr std::uint64_t kUnpackedMax = 1024ull * 1024 * 1024;

 private:
  std::string tar_;
  std::map<BlobId, std::string_view> members_;
};

std::string sha256_hex(std::string_view octets);

}  // namespace postern::backup
