// GETQUOTA and GETQUOTAROOT (RFC 9208 §4). An account's mailboxes share one root; its limits are set by
// administrators, never here.
#include "protocols/imap/commands/run.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

Task<Answer> run(Authenticated& user, const GetQuota& command) {
  Session& session = user.session;
  if (!command.root.empty()) co_return no("NONEXISTENT", "No such quota root");
  CO_TRY(const QuotaUsage usage, co_await session.services.store.directory().quota(user.account));
  print_quota(session.io.output(), usage);
  co_return ok("That is all");
}

// Of a mailbox that does not exist, too: a client asks before it makes one (RFC 9208 §4.1.2).
Task<Answer> run(Authenticated& user, const GetQuotaRoot& command) {
  Session& session = user.session;
  auto name = command.mailbox.creatable();
  if (!name) co_return no("NONEXISTENT", "No such mailbox");
  CO_TRY(const QuotaUsage usage, co_await session.services.store.directory().quota(user.account));
  print_quota_root(session.io.output(), *name, user.names());
  print_quota(session.io.output(), usage);
  co_return ok("That is all");
}

}  // namespace postern::imap
