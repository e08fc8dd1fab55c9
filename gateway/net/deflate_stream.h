// DeflateStream: another stream with both directions compressed (RFC 1951 without a header, as RFC 4978
// wants).
//
// Every write ends in a full flush: what was sent before never shows in the length of what is sent next, so
// that octets of a message cannot be guessed by having others compressed beside them. It also means that a
// stream which only waits holds no compressor.
#pragma once

#include <memory>
#include <string>

#include "gateway/net/byte_stream.h"

namespace postern {

class DeflateStream final : public ByteStream {
 public:
  // `received`: octets that came before this was made and are compressed already.
  DeflateStream(std::unique_ptr<ByteStream> inner, std::string received);
  ~DeflateStream() override;

  // At most kReadOctetsMax at a time, however much a few octets may become. closed: the peer sent no deflate
  // stream, or ended it.
  Task<Result<std::string_view>> read(Deadline deadline) override;
  Task<Result<void>> write(std::string_view octets, Deadline deadline) override;
  Task<void> shutdown() override { return inner_->shutdown(); }
  void close() override { inner_->close(); }
  bool ended() const override { return inner_->ended(); }
  bool has_unread() const override { return taken_ < received_.size() || inner_->has_unread(); }
  const PeerAddress& peer() const override { return inner_->peer(); }
  const TlsInfo* tls() const override { return inner_->tls(); }

  static constexpr std::size_t kReadOctetsMax = 16 * 1024;

 private:
  class Inflater;

  std::unique_ptr<ByteStream> inner_;
  std::unique_ptr<Inflater> inflater_;
  std::string received_;  // compressed
  std::size_t taken_ = 0;
  std::string inflated_;
};

}  // namespace postern
