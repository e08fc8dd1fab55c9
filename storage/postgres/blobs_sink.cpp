// The writing end of a message: hashes, scans and stores octets as they come.
#include "storage/mime/scanner.h"
#include "storage/postgres/blobs.h"
#include "storage/postgres/sha256.h"

namespace postern::postgres {

namespace {

class BlobSink final : public MessageSink {
 public:
  BlobSink(Blobs& blobs, AccountId home, std::string trace_header)
      : blobs_(blobs), trace_header_(std::move(trace_header)) {
    message_.home = home;
  }

  Task<Result<void>> write(std::string_view octets) override {
    CO_TRY_VOID(co_await take_trace_header());
    content_hash_.add(octets);
    co_return co_await take(octets);
  }

  std::uint64_t size() const override { return message_.size + trace_header_.size(); }

  Task<Result<StagedMessage>> finish() override {
    CO_TRY_VOID(co_await take_trace_header());
    if (first_chunk_kept_) {
      CO_TRY_VOID(co_await store_further_chunk());
    } else {
      co_await keep_first_chunk();
    }
    message_.hash = hash_.finish();
    message_.content_hash = content_hash_.finish();
    message_.structure = mime::encode(scanner_.finish());
    co_return std::move(message_);
  }

 private:
  Task<Result<void>> take_trace_header() {
    const std::string header = std::exchange(trace_header_, std::string());
    co_return co_await take(header);
  }

  Task<Result<void>> take(std::string_view octets) {
    hash_.add(octets);
    scanner_.feed(octets);
    message_.size += octets.size();
    while (!octets.empty()) {
      // A chunk goes away only when an octet follows it: the last one is finish()'s.
      if (chunk_.size() == kChunkOctets) {
        if (first_chunk_kept_) {
          CO_TRY_VOID(co_await store_further_chunk());
        } else {
          co_await keep_first_chunk();
        }
      }
      const std::size_t taken = std::min(kChunkOctets - chunk_.size(), octets.size());
      chunk_.append(octets.substr(0, taken));
      octets.remove_prefix(taken);
    }
    co_return Result<void>();
  }

  Task<void> keep_first_chunk() {
    first_chunk_kept_ = true;
    PackedChunk packed = co_await blobs_.pack(std::exchange(chunk_, std::string()));
    message_.first_chunk = std::move(packed.octets);
    message_.first_encoding = packed.encoding;
  }

  Task<Result<void>> store_further_chunk() {
    if (message_.chunks == 0) {
      CO_TRY(message_.blob, co_await blobs_.begin_staging(message_.home));
    }
    ++message_.chunks;
    const ChunkKey key{message_.home, message_.blob, message_.chunks};
    co_return co_await blobs_.store_chunk(key, std::exchange(chunk_, std::string()));
  }

  Blobs& blobs_;
  std::string trace_header_;  // until it is taken, before the first octet
  StagedMessage message_;
  std::string chunk_;
  bool first_chunk_kept_ = false;
  Sha256 hash_;
  Sha256 content_hash_;
  mime::Scanner scanner_;
};

}  // namespace

std::unique_ptr<MessageSink> Blobs::receive(AccountId home, std::string trace_header) {
  return std::make_unique<BlobSink>(*this, home, std::move(trace_header));
}

}  // namespace postern::postgres
