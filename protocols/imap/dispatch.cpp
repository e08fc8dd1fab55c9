#include "protocols/imap/dispatch.h"

namespace postern::imap {

namespace {

template <class C>
Task<Answer> dispatch_as(Session& session, const C& command) {
  if constexpr (requires { run(session, command); }) {
    co_return co_await run(session, command);
  } else if constexpr (requires { run(session.stranger, command); }) {
    if (session.user) co_return bad("Already logged in");
    co_return co_await run(session.stranger, command);
  } else if constexpr (requires { run(*session.user, command); }) {
    if (!session.user) co_return bad("Log in first");
    co_return co_await run(*session.user, command);
  } else {
    if (!session.user) co_return bad("Log in first");
    if (!session.selected) co_return bad("Select a mailbox first");
    co_return co_await run(*session.selected, command);
  }
}

}  // namespace

Task<Answer> dispatch(Session& session, const Command& command) {
  return std::visit([&session](const auto& typed) { return dispatch_as(session, typed); }, command);
}

}  // namespace postern::imap
