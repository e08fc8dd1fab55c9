// Annotations of mailboxes and accounts: they go where their mailbox goes, and end with it.
#pragma once

#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/annotation.h"

namespace postern {

class Annotations {
 public:
  virtual ~Annotations() = default;

  // By mailbox and entry. One round trip.
  virtual Task<Result<std::vector<AnnotationFound>>> find(AccountId account, std::vector<MailboxId> mailboxes,
                                                          AnnotationsWanted wanted) = 0;
  // All or none; each entry at most once. Rings the account's bell. too_large (a value), over_quota (too
  // many, or too many octets), not_found (account or mailbox).
  virtual Task<Result<void>> set(AccountId account, MailboxId mailbox, std::vector<Annotation> values) = 0;
  // not_found (account)
  virtual Task<Result<AnnotationChanges>> changes_since(AccountId account, std::uint64_t revision) = 0;
};

}  // namespace postern
