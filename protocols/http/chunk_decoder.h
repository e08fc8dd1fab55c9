// The chunked coding of a request's body (RFC 9112 §7.1), octet by octet: no split makes a difference, and
// nothing is looked at twice. Extensions and trailers are bounded and dropped; what real clients do not send,
// and careless readers misread (spaces, quoted strings, line ends of one octet), is refused. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace postern::http {

class ChunkDecoder {
 public:
  // Appends the body's octets to `out`; returns how many octets it took: all, unless it ended or failed.
  std::size_t feed(std::string_view in, std::string& out);
  bool ended() const { return state_ == State::ended; }
  bool failed() const { return state_ == State::failed; }

 private:
  enum class State : std::uint8_t {
    size,
    extension,
    size_lf,
    content,
    content_cr,
    content_lf,
    trailer_start,
    trailer_name,
    trailer,
    trailer_lf,
    last_lf,
    ended,
    failed
  };
  State next(char c);
  State next_in_size(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;       // of the chunk's content
  std::size_t line_octets_ = 0;  // of a size line, or of all trailers
  bool has_digits_ = false;
};

}  // namespace postern::http
