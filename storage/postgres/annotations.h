// Annotations on PostgreSQL.
#pragma once

#include "storage/annotations.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresAnnotations final : public Annotations {
 public:
  PostgresAnnotations(Database& database, Doorbell& doorbell) : database_(database), doorbell_(doorbell) {}

  Task<Result<std::vector<AnnotationFound>>> find(AccountId account, std::vector<MailboxId> mailboxes,
                                                  AnnotationsWanted wanted) override;
  Task<Result<void>> set(AccountId account, MailboxId mailbox, std::vector<Annotation> values) override;
  Task<Result<AnnotationChanges>> changes_since(AccountId account, std::uint64_t revision) override;

 private:
  Database& database_;
  Doorbell& doorbell_;
};

}  // namespace postern::postgres
