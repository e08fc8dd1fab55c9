// Many sessions in IDLE, for whoever measures the server meanwhile.
#include "tests/bench/client/imap.h"
#include "tests/bench/client/sessions.h"
#include "tests/bench/client/workloads.h"

namespace postern::bench {

void run_idle(const Options& options, Report&) {
  const Target target = target_of(options);
  std::vector<std::unique_ptr<Imap>> sessions(options.number("connections"));
  open_side_by_side(sessions.size(), [&](std::uint64_t i) {
    const Login login{numbered_account(options, i), options.text("password")};
    sessions[i] = std::make_unique<Imap>(target, login);
    sessions[i]->select("INBOX");
    sessions[i]->start_idle();
  });
  tell_ready("");
  for (const auto& session : sessions) session->end_idle();  // every one of them is still there
}

}  // namespace postern::bench
