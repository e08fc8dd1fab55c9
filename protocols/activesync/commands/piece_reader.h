// The octets of a composed message (storage/mime/compose.h), one after the other, for whoever sends or stores
// it: at most a chunk is in memory beside what the pieces name.
#pragma once

#include <memory>
#include <string>

#include "storage/messages.h"
#include "storage/mime/compose.h"

namespace postern::activesync {

class PieceReader {
 public:
  // `stored` is absent if no piece is of a stored message.
  PieceReader(mime::Pieces pieces, std::unique_ptr<MessageReader> stored)
      : pieces_(std::move(pieces)), stored_(std::move(stored)) {}

  // The next octets; empty at the end. not_found (purged meanwhile), unavailable.
  Task<Result<std::string>> next();

 private:
  mime::Pieces pieces_;
  std::unique_ptr<MessageReader> stored_;
  std::size_t at_ = 0;        // of pieces_
  std::uint64_t within_ = 0;  // the piece
};

}  // namespace postern::activesync
