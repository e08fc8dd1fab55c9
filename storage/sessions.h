// Who is connected, on all nodes. Every process tells every few seconds what has changed in it, in one
// statement whatever that is; sessions that are over by then are never written. So the list is as old as
// that, and a session that is to end ends with its process's next word. A process that is silent for
// kSilenceMax is not listed any more.
#pragma once

#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/listings.h"
#include "storage/model/session.h"

namespace postern {

class Sessions {
 public:
  virtual ~Sessions() = default;

  static constexpr Milliseconds kSilenceMax = std::chrono::seconds(30);

  // A report that fails is told again with the next.
  virtual Task<Result<SessionOrders>> report(SessionReport report) = 0;
  // The process ends, and its sessions with it.
  virtual Task<Result<void>> leave(std::string worker) = 0;

  // By account; the key is page_key_of().
  virtual Task<Result<std::vector<SessionEntry>>> list(Reach reach, SessionFilter filter,
                                                       PageRange range) = 0;
  // With its process's next report. not_found, also beyond the reach.
  virtual Task<Result<void>> end(Reach reach, SessionKey key) = 0;
};

}  // namespace postern
