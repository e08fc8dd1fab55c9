// CommandReader: where a line protocol's session waits: for the next line, or for the server's wish to stop.
#pragma once

#include <variant>

#include "gateway/async/channel.h"
#include "gateway/async/task_scope.h"
#include "gateway/net/front_end.h"
#include "gateway/net/line_io.h"

namespace postern {

class CommandReader {
 public:
  // All outlive the reader. A session ends with `co_await reader.finish(...)`.
  CommandReader(Loop& loop, LineIo& io, StopSignal& stop);
  ~CommandReader();
  CommandReader(const CommandReader&) = delete;
  CommandReader& operator=(const CommandReader&) = delete;

  // Flushes what was put unless the next line is here already (pipelining is answered in one write), then
  // waits. closed: end of the stream, or stopping() is true: say goodbye. timed_out.
  Task<Result<Line>> next(std::size_t octets_max, Deadline deadline, Deadline output_deadline);
  bool stopping() const { return stopped_ || stop_.stopping(); }
  // Ends the session as the server's stop does: its account may not be here any more.
  void stop();
  bool stopped() const { return stopped_; }
  // Flushes, closes the stream and waits until nothing reads from it any more. Last call.
  Task<void> finish(Deadline deadline);

 private:
  struct Stopping {};
  using Event = std::variant<Result<Line>, Stopping>;
  Task<void> read_one(std::size_t octets_max, Deadline deadline);

  LineIo& io_;
  StopSignal& stop_;
  StopSignal::Handle stop_handle_;
  bool stopped_ = false;
  Channel<Event> events_;
  TaskScope reading_;
};

}  // namespace postern
