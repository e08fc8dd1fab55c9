#include "protocols/imap/progress.h"

namespace postern::imap {

Task<void> tell_progress(Session& session, const Progress& progress) {
  print(session.io.output(), "",
        ok(ResponseCode::in_progress(session.tag(), progress.done, progress.goal), "Still at it"));
  co_await session.flush();
}

}  // namespace postern::imap
