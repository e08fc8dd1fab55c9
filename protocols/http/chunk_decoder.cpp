#include "protocols/http/chunk_decoder.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/http/limits.h"

namespace postern::http {

namespace {

constexpr std::uint64_t kChunkOctetsMax = UINT64_MAX >> 8;  // so that another digit does not overflow

int hex_digit(char c) {
  if (text::is_digit(c)) return c - '0';
  const char small = text::lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::size_t ChunkDecoder::feed(std::string_view in, std::string& out) {
  std::size_t at = 0;
  while (at < in.size() && !ended() && !failed()) {
    if (state_ != State::content) {
      state_ = next(in[at++]);
      continue;
    }
    const std::string_view some = in.substr(at, std::min<std::uint64_t>(left_, in.size() - at));
    out += some;
    at += some.size();
    left_ -= some.size();
    if (left_ == 0) state_ = State::content_cr;
  }
  return at;
}

ChunkDecoder::State ChunkDecoder::next(char c) {
  const bool in_line = state_ != State::content_cr && state_ != State::content_lf;
  if (in_line && ++line_octets_ > kChunkLineOctetsMax) return State::failed;
  switch (state_) {
    case State::size: return next_in_size(c);
    case State::extension:
      if (c == '\r') return State::size_lf;
      return c > 0x20 && c < 0x7F && c != '"' ? State::extension : State::failed;
    case State::size_lf:
      line_octets_ = 0;
      if (c != '\n') return State::failed;
      return left_ > 0 ? State::content : State::trailer_start;
    case State::content_cr: return c == '\r' ? State::content_lf : State::failed;
    case State::content_lf: has_digits_ = false; return c == '\n' ? State::size : State::failed;
    case State::trailer_start:
      if (c == '\r') return State::last_lf;
      [[fallthrough]];
    case State::trailer_name:
      if (c == ':' && state_ == State::trailer_name) return State::trailer;
      return c > 0x20 && c < 0x7F && c != ':' ? State::trailer_name : State::failed;
    case State::trailer:
      if (c == '\r') return State::trailer_lf;
      return c == '\n' || c == '\0' ? State::failed : State::trailer;
    case State::trailer_lf: return c == '\n' ? State::trailer_start : State::failed;
    case State::last_lf: return c == '\n' ? State::ended : State::failed;
    case State::content:
    case State::ended:
    case State::failed: break;
  }
  return state_;
}

ChunkDecoder::State ChunkDecoder::next_in_size(char c) {
  if (const int digit = hex_digit(c); digit >= 0) {
    if (left_ > kChunkOctetsMax) return State::failed;
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    has_digits_ = true;
    return State::size;
  }
  if (!has_digits_) return State::failed;
  if (c == ';') return State::extension;
  return c == '\r' ? State::size_lf : State::failed;
}

}  // namespace postern::http
