// Outbox on PostgreSQL. outbox.cpp: enqueue; outbox_work.cpp: what workers do; outbox_queue.cpp: what
// administrators do.
#pragma once

#include "config/settings.h"
#include "storage/outbox.h"
#include "storage/postgres/blobs.h"
#include "storage/postgres/doorbell.h"

namespace postern::postgres {

class PostgresOutbox final : public Outbox {
 public:
  PostgresOutbox(Database& database, Doorbell& doorbell, Blobs& blobs, const Settings& settings,
                 const Clock& clock);

  Task<Result<Enqueued>> enqueue(const StagedMessage& message, NewSubmission submission) override;

  Task<Result<Claimed>> claim(std::string holder, std::uint32_t messages_max) override;
  Task<Result<void>> renew(std::string holder) override;
  Task<Result<std::unique_ptr<MessageReader>>> open(const QueuedMessage& message) override;
  Task<Result<void>> record(OutboxKey key, std::vector<RecipientResult> results) override;
  Task<Result<void>> release(const QueuedMessage& message, std::string holder, Release release) override;

  Task<Result<std::vector<QueuedMessage>>> list(OutboxFilter filter) override;
  Task<Result<QueuedMessage>> find(OutboxId id) override;
  Task<Result<OutboxDepth>> depth() override;
  Task<Result<void>> retry(OutboxId id) override;
  Task<Result<void>> drop(OutboxId id) override;

 private:
  Task<Result<Enqueued>> enqueue_once(const StagedMessage& message, const NewSubmission& submission,
                                      const std::string& key);
  Task<Error> why_no_copy(MailboxKey mailbox);
  Task<Result<void>> change_one(OutboxId id, const Statement& statement);

  Database& database_;
  Doorbell& doorbell_;
  Blobs& blobs_;
  const SubmissionSettings limits_;
  const std::uint32_t expiry_s_;
  const Clock& clock_;
};

}  // namespace postern::postgres
