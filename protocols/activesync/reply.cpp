#include "protocols/activesync/reply.h"

namespace postern::activesync {

Task<Result<void>> Reply::flush() {
  if (buffer_.size() < kReplyPieceOctets) co_return Result<void>();
  if (!begun_) {
    begun_ = true;
    http::Response head(200);
    head.fields.set("Content-Type", std::string(kWbxmlType));
    CO_TRY_VOID(co_await exchange_.begin(std::move(head)));
  }
  const std::string piece = std::exchange(buffer_, std::string());
  co_return co_await exchange_.write(piece);
}

Task<Result<void>> Reply::finish() {
  if (!begun_) co_return co_await answer_whole(exchange_, std::move(buffer_));
  CO_TRY_VOID(co_await exchange_.write(buffer_));
  co_return co_await exchange_.end();
}

Task<Result<void>> answer_whole(http::Exchange& exchange, std::string octets, std::string_view type) {
  http::Response response(200, std::string(type), std::move(octets));
  response.fields.set("Cache-Control", "private");
  co_return co_await exchange.answer(std::move(response));
}

}  // namespace postern::activesync
