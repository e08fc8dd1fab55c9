// Where a request's body begins and ends, and what is refused because two readers could disagree about it
// (RFC 9112 §6, §11.2): a proxy in front and we must see the same messages. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/http/message.h"

namespace postern::http {

// The connection answers with it and closes: nothing behind such a request can be trusted.
struct Refusal {
  int status = 400;
  std::string_view reason;  // a literal
};

// Splits the target and settles content_length, chunked, keep_alive and expects_continue from the fields.
std::optional<Refusal> settle(RequestHead& head, std::string_view target);

}  // namespace postern::http
