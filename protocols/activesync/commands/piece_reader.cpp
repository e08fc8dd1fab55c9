#include "protocols/activesync/commands/piece_reader.h"

#include <algorithm>

#include "storage/mime/transfer_encoder.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kChunkLines = 1024;
constexpr std::size_t kChunk = kChunkLines * mime::kBase64LineOctets;

}  // namespace

Task<Result<std::string>> PieceReader::next() {
  while (at_ < pieces_.size()) {
    mime::Piece& piece = pieces_[at_];
    std::string octets;
    if (piece.stored) {
      const std::uint64_t begin = piece.stored->begin + within_;
      const std::size_t wanted = std::min<std::uint64_t>(piece.stored->end - begin, kChunk);
      if (wanted > 0) {
        CO_TRY(const std::string_view read, co_await stored_->read(begin, wanted));
        octets = read;
        within_ += read.size();
      }
    } else if (!piece.view.empty()) {
      const std::string_view taken = piece.view.substr(within_, kChunk);
      within_ += taken.size();
      if (piece.base64) {
        mime::append_base64_lines(octets, taken);
      } else {
        octets = taken;
      }
    } else {
      octets = std::exchange(piece.text, std::string());
    }
    if (!octets.empty()) co_return octets;
    ++at_;
    within_ = 0;
  }
  co_return std::string();
}

}  // namespace postern::activesync
