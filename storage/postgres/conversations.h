// Conversations on PostgreSQL.
#pragma once

#include "storage/conversations.h"
#include "storage/postgres/database.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresConversations final : public Conversations {
 public:
  PostgresConversations(Database& database, Doorbell& doorbell) : database_(database), doorbell_(doorbell) {}

  Task<Result<void>> file_in(MailboxKey mailbox, std::string conversation) override;
  Task<Result<std::optional<MailboxId>>> filed_in(AccountId account, std::string conversation) override;

 private:
  Database& database_;
  Doorbell& doorbell_;
};

}  // namespace postern::postgres
