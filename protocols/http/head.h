// A request's head (RFC 9112 §2 to §5): where it ends, its request line and its fields. One spelling of
// everything: lines end in CRLF, fields are not folded, nothing stands before the colon. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocols/http/framing.h"

namespace postern::http {

// Looks at the head's octets as they arrive, before they are parsed.
class HeadScan {
 public:
  enum class State : std::uint8_t { more, ended, refused };
  // `head` is all that has arrived so far and only grows. Ended: end() is known.
  State look(std::string_view head);
  std::size_t end() const { return looked_; }  // behind the empty line
  const Refusal& refusal() const { return refusal_; }

 private:
  State refuse(int status, std::string_view reason);
  std::size_t looked_ = 0;
  std::size_t line_begin_ = 0;
  std::size_t lines_ = 0;
  Refusal refusal_;
};

// `octets` is what HeadScan found. Method, version and fields go to `head`; the target is not split yet.
std::optional<Refusal> parse_head(std::string_view octets, RequestHead& head, std::string& target);

}  // namespace postern::http
