#include "storage/postgres/chunk_codec.h"

#include <zstd.h>

#include <memory>

namespace postern::postgres {

namespace {
constexpr std::int16_t kPlain = 0;
constexpr std::int16_t kZstd = 1;
constexpr int kZstdLevel = 1;
constexpr std::size_t kWorthTryingOctetsMin = 256;

// Making a context costs more than packing a small message with it.
ZSTD_CCtx* packing_context() {
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                                  ZSTD_freeCCtx);
  return context.get();
}

ZSTD_DCtx* unpacking_context() {
  thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                                  ZSTD_freeDCtx);
  return context.get();
}

}  // namespace

PackedChunk pack_chunk(std::string octets) {
  if (octets.size() >= kWorthTryingOctetsMin) {
    // The bound makes zstd give up early on what does not shrink.
    std::string packed(octets.size() - octets.size() / 10, '\0');
    const std::size_t size = ZSTD_compressCCtx(packing_context(), packed.data(), packed.size(), octets.data(),
                                               octets.size(), kZstdLevel);
    if (ZSTD_isError(size) == 0) {
      packed.resize(size);
      packed.shrink_to_fit();
      return PackedChunk{kZstd, std::move(packed)};
    }
  }
  return PackedChunk{kPlain, std::move(octets)};
}

Result<std::string> unpack_chunk(std::int16_t encoding, std::string_view octets, std::size_t octets_max) {
  if (encoding == kPlain) {
    if (octets.size() > octets_max) return Error(ErrorKind::internal, "chunk is longer than a chunk may be");
    return std::string(octets);
  }
  if (encoding != kZstd) return Error(ErrorKind::internal, "chunk has an unknown encoding");
  const unsigned long long size = ZSTD_getFrameContentSize(octets.data(), octets.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > octets_max) {
    return Error(ErrorKind::internal, "chunk is not a frame of ours");
  }
  std::string plain(size, '\0');
  const std::size_t got =
      ZSTD_decompressDCtx(unpacking_context(), plain.data(), plain.size(), octets.data(), octets.size());
  if (ZSTD_isError(got) != 0 || got != size) return Error(ErrorKind::internal, "chunk does not decompress");
  return plain;
}

}  // namespace postern::postgres
