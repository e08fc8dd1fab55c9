#include "protocols/imap/decoded_section.h"

#include <algorithm>

namespace postern::imap {

namespace {
constexpr std::size_t kSliceOctets = 64 * 1024;
}  // namespace

void DecodedSection::rewind() {
  decoder_.emplace(encoding_);
  at_ = encoded_.begin;
}

Task<Result<std::string_view>> DecodedSection::next() {
  decoded_.clear();
  while (decoded_.empty() && decoder_) {
    if (at_ == encoded_.end) {
      decoder_->finish(decoded_);
      decoder_.reset();
      break;
    }
    const std::size_t octets_max = std::min<std::uint64_t>(encoded_.end - at_, kSliceOctets);
    CO_TRY(const std::string_view slice, co_await reader_.read(at_, octets_max));
    if (slice.empty()) co_return Error(ErrorKind::internal, "message is shorter than its structure");
    at_ += slice.size();
    decoder_->feed(slice, decoded_);
  }
  co_return std::string_view(decoded_);
}

Task<Result<DecodedSection::Measure>> DecodedSection::measure() {
  Measure measure;
  rewind();
  while (true) {
    CO_TRY(const std::string_view some, co_await next());
    if (some.empty()) co_return measure;
    measure.octets += some.size();
    measure.has_nul = measure.has_nul || some.find('\0') != std::string_view::npos;
  }
}

}  // namespace postern::imap
