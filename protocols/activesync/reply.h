// The answer to a command on its way out: small ones whole, gzipped if the client likes that, large ones in
// pieces while they are written, so that a window of large messages is never in memory at once.
#pragma once

#include <string>
#include <string_view>

#include "protocols/http/exchange.h"

namespace postern::activesync {

constexpr std::string_view kWbxmlType = "application/vnd.ms-sync.wbxml";
constexpr std::string_view kMultipartType = "application/vnd.ms-sync.multipart";
constexpr std::size_t kReplyPieceOctets = 64 * 1024;

class Reply {
 public:
  explicit Reply(http::Exchange& exchange) : exchange_(exchange) {}

  // What is written here goes out with the next call.
  std::string& buffer() { return buffer_; }
  // Between two items: sends if a piece has come together. closed, timed_out: stop writing.
  Task<Result<void>> flush();
  // Once, at the end.
  Task<Result<void>> finish();

 private:
  http::Exchange& exchange_;
  std::string buffer_;
  bool begun_ = false;
};

// Answers that go out whole; an empty one has the type, too, for the sake of old devices.
Task<Result<void>> answer_whole(http::Exchange& exchange, std::string octets,
                                std::string_view type = kWbxmlType);

}  // namespace postern::activesync
