// COMPRESS (RFC 4978). It outlives UNAUTHENTICATE, as TLS does. Not before log-in: a stranger's few octets
// must not cost more than they say.
#include "protocols/imap/commands/run.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const Compress& command) {
  Session& session = user.session;
  if (command.mechanism != "DEFLATE") co_return bad("Only DEFLATE is known");
  if (session.compressed) co_return no("COMPRESSIONACTIVE", "It is compressed already");
  session.answer_now(ok("Compression begins"));
  CO_TRY_VOID(co_await session.flush());
  session.io.compress();
  session.compressed = true;
  co_return ok("Compression began");
}

}  // namespace postern::imap
