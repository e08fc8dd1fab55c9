// The reading end of a message: any range, one chunk at a time.
#include <algorithm>

#include "storage/postgres/blobs.h"

namespace postern::postgres {

namespace {

class BlobReader final : public MessageReader {
 public:
  BlobReader(Blobs& blobs, AccountId account, BlobId blob, std::uint64_t size)
      : blobs_(blobs), account_(account), blob_(blob), size_(size) {}

  std::uint64_t size() const override { return size_; }

  Task<Result<std::string_view>> read(std::uint64_t offset, std::size_t octets_max) override {
    if (offset >= size_) co_return std::string_view();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(octets_max, size_ - offset));
    CO_TRY(std::string_view piece, co_await piece_at(offset));
    if (piece.size() >= wanted) co_return piece.substr(0, wanted);
    joined_.clear();
    joined_.reserve(wanted);
    joined_.append(piece);
    while (joined_.size() < wanted) {
      CO_TRY(std::string_view next, co_await piece_at(offset + joined_.size()));
      joined_.append(next.substr(0, wanted - joined_.size()));
    }
    co_return std::string_view(joined_);
  }

 private:
  // From offset to the end of its chunk; lives until the next call.
  Task<Result<std::string_view>> piece_at(std::uint64_t offset) {
    const auto number = static_cast<std::uint32_t>(offset / kChunkOctets);
    if (!chunk_ || number != number_) {
      const ChunkKey key{account_, blob_, number};
      CO_TRY(ChunkPtr loaded, co_await blobs_.chunk(key));
      const std::uint64_t begin = std::uint64_t{number} * kChunkOctets;
      if (loaded->size() != std::min<std::uint64_t>(kChunkOctets, size_ - begin)) {
        co_return Error(ErrorKind::internal, "a chunk has not the size it must have");
      }
      const bool in_order = chunk_ ? number == number_ + 1 : number == 0;
      chunk_ = std::move(loaded);
      number_ = number;
      if (in_order) read_ahead();
    }
    co_return std::string_view(*chunk_).substr(offset % kChunkOctets);
  }

  void read_ahead() {
    for (std::uint32_t next = number_ + 1; next <= number_ + kChunksAheadMax; ++next) {
      if (std::uint64_t{next} * kChunkOctets >= size_) return;
      blobs_.read_ahead(ChunkKey{account_, blob_, next});
    }
  }

  // Enough that the database reads some while one is sent.
  static constexpr std::uint32_t kChunksAheadMax = 4;

  Blobs& blobs_;
  const AccountId account_;
  const BlobId blob_;
  const std::uint64_t size_;
  ChunkPtr chunk_;
  std::uint32_t number_ = 0;
  std::string joined_;  // a range that crosses chunks
};

}  // namespace

std::unique_ptr<MessageReader> Blobs::reader(AccountId account, BlobId blob, std::uint64_t size) {
  return std::make_unique<BlobReader>(*this, account, blob, size);
}

}  // namespace postern::postgres
