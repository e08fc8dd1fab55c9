// One request from octets: head, then body, decoded (RFC 9112). Pure, incremental, and it buffers nothing but
// decoded octets of the body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "protocols/http/chunk_decoder.h"
#include "protocols/http/head.h"

namespace postern::http {

class RequestParser {
 public:
  // Looks at what has arrived and was not taken yet; returns how many octets it takes off the front. Nothing
  // of a head until all of it is there; never anything behind the request's end.
  std::size_t feed(std::string_view unread);

  bool begun() const { return begun_; }  // the first octet of the request has been seen
  bool has_head() const { return head_.has_value(); }
  const RequestHead& head() const { return *head_; }
  bool complete() const { return complete_; }
  // What has been decoded since the last call.
  std::string take_body() { return std::exchange(body_, std::string()); }
  bool has_body_octets() const { return !body_.empty(); }
  // Set once, and then for ever.
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  std::size_t feed_head(std::string_view unread);
  std::size_t feed_body(std::string_view unread);

  HeadScan scan_;
  ChunkDecoder chunks_;
  std::uint64_t left_ = 0;  // of a body with Content-Length
  std::optional<RequestHead> head_;
  std::string body_;
  std::optional<Refusal> refusal_;
  bool begun_ = false;
  bool skipped_empty_line_ = false;
  bool complete_ = false;
};

}  // namespace postern::http
