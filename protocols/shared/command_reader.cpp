#include "protocols/shared/command_reader.h"

namespace postern {

CommandReader::CommandReader(Loop& loop, LineIo& io, StopSignal& stop)
    : io_(io),
      stop_(stop),
      stop_handle_(stop.listen([this] { events_.send(Stopping()); })),
      events_(loop),
      reading_(loop) {}

CommandReader::~CommandReader() {
  stop_.forget(stop_handle_);
}

void CommandReader::stop() {
  stopped_ = true;
  events_.send(Stopping());
}

Task<Result<Line>> CommandReader::next(std::size_t octets_max, Deadline deadline, Deadline output_deadline) {
  if (io_.has_buffered_line()) co_return co_await io_.read_line(octets_max, deadline);
  CO_TRY_VOID(co_await io_.flush(output_deadline));
  if (stopping()) co_return Error(ErrorKind::closed, "the server is stopping");
  reading_.start(read_one(octets_max, deadline));
  auto event = co_await events_.next();
  if (!event || std::holds_alternative<Stopping>(*event))
    co_return Error(ErrorKind::closed, "the server is stopping");
  co_return std::get<Result<Line>>(*std::move(event));
}

Task<void> CommandReader::read_one(std::size_t octets_max, Deadline deadline) {
  auto line = co_await io_.read_line(octets_max, deadline);
  events_.send(std::move(line));
}

Task<void> CommandReader::finish(Deadline deadline) {
  // A read that is still outstanding (we stop while the client is silent) ends when the stream closes.
  auto flushed = co_await io_.flush(deadline);
  if (flushed && reading_.running() == 0) {
    co_await io_.finish(deadline);
  } else {
    io_.close();
  }
  co_await reading_.drained();
}

}  // namespace postern
