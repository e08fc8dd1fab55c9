// ENABLE (RFC 5161): what is not known, or is always on, is simply not listed. NAMESPACE (RFC 2342): one, the
// user's own.
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const Enable& command) {
  bool condstore = false;
  for (const std::string& capability : command.capabilities)
    condstore = condstore || capability == "CONDSTORE";
  user.session.io.put(condstore ? "* ENABLED CONDSTORE\r\n" : "* ENABLED\r\n");
  if (condstore) enable_condstore(user);
  co_return ok("Enabled");
}

Task<Answer> run(Authenticated& user, const Namespace&) {
  print_namespace(user.session.io.output());
  co_return ok("That is all");
}

}  // namespace postern::imap
