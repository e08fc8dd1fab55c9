#include "protocols/http/request_parser.h"

#include <algorithm>

namespace postern::http {

std::size_t RequestParser::feed(std::string_view unread) {
  if (refusal_ || complete_) return 0;
  return head_ ? feed_body(unread) : feed_head(unread);
}

std::size_t RequestParser::feed_head(std::string_view unread) {
  begun_ = begun_ || !unread.empty();
  if (!skipped_empty_line_) {
    // RFC 9112 §2.2: one empty line in front is borne with.
    if (unread.empty() || unread == "\r") return 0;
    skipped_empty_line_ = true;
    if (unread.starts_with("\r\n")) return 2;
  }
  switch (scan_.look(unread)) {
    case HeadScan::State::more: return 0;
    case HeadScan::State::refused: refusal_ = scan_.refusal(); return 0;
    case HeadScan::State::ended: break;
  }
  RequestHead head;
  std::string target;
  refusal_ = parse_head(unread.substr(0, scan_.end()), head, target);
  if (!refusal_) refusal_ = settle(head, target);
  if (refusal_) return 0;
  left_ = head.content_length.value_or(0);
  complete_ = !head.has_body();
  head_ = std::move(head);
  return scan_.end();
}

std::size_t RequestParser::feed_body(std::string_view unread) {
  if (head_->chunked) {
    const std::size_t taken = chunks_.feed(unread, body_);
    if (chunks_.failed()) refusal_ = Refusal{400, "bad chunk"};
    complete_ = chunks_.ended();
    return taken;
  }
  const std::string_view some = unread.substr(0, std::min<std::uint64_t>(left_, unread.size()));
  body_ += some;
  left_ -= some.size();
  complete_ = left_ == 0;
  return some.size();
}

}  // namespace postern::http
