// STARTTLS (RFC 3501 §6.2.1). Nothing that was said in clear counts afterwards, and nothing that was sent
// ahead of the handshake is ever read as a command.
#include "protocols/imap/capabilities.h"
#include "protocols/imap/commands/run.h"

namespace postern::imap {

Task<Answer> run(NotAuthenticated& stranger, const StartTls&) {
  Session& session = stranger.session;
  if (session.io.stream().tls() != nullptr) co_return bad("TLS is already active");
  if (!can_start_tls(session)) co_return bad("TLS is not available");
  session.answer_now(ok("Begin TLS now"));
  CO_TRY_VOID(co_await session.flush());
  const Deadline limit = Deadline::after(std::chrono::seconds(session.settings.limits.tls_handshake_s));
  auto secured =
      co_await session.io.start_tls(*session.connection.tls, limit, session.connection.endpoint->alpn);
  if (!secured) {
    session.lose();
    co_return std::move(secured).error();
  }
  stranger.bad_commands = stranger.failures = 0;
  co_return ok("TLS active");
}

}  // namespace postern::imap
