// A zstd frame with a checksum, written to a shelf and read from it in pieces: what it holds is never in
// memory as a whole. Blocking: belongs off the loop.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/backup/shelf.h"

typedef struct ZSTD_CCtx_s ZSTD_CCtx;
typedef struct ZSTD_DCtx_s ZSTD_DCtx;

namespace postern::backup {

class ZstdWriter {
 public:
  explicit ZstdWriter(std::unique_ptr<ShelfFile> file);
  Result<void> write(std::string_view octets);
  Result<void> finish();  // the frame and the file

 private:
  Result<void> compress(std::string_view octets, bool end);
  struct Free {
    void operator()(ZSTD_CCtx* context) const;
  };
  const std::unique_ptr<ShelfFile> file_;
  const std::unique_ptr<ZSTD_CCtx, Free> context_;
  std::string out_;
};

class ZstdReader {
 public:
  explicit ZstdReader(std::unique_ptr<FileOctets> file);
  // The next octets, some; empty: that was all. invalid: torn, or something behind the frame.
  Result<std::string_view> read();
  // The next line without its end; nullopt: there is none. invalid: torn, or longer than kLineOctetsMax.
  Result<std::optional<std::string_view>> line();  // lives until the next call
  static constexpr std::size_t kLineOctetsMax = 1024 * 1024;

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const;
  };
  const std::unique_ptr<FileOctets> file_;
  const std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::uint64_t at_ = 0;
  std::string in_;
  std::size_t in_taken_ = 0;
  std::string out_;
  bool ended_ = false;
  std::string lines_;
  std::size_t lines_taken_ = 0;
};

}  // namespace postern::backup
