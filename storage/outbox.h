// The outbox: mail on its way out, durable before its sender hears success. Enqueue is one transaction with
// the copy in Sent; workers claim what is due under a lease, write each recipient's result as soon as they
// know it, and release the message with its next attempt, if it needs one.
//
// At least once: between the next hop's 250 and record() lies one round trip; a worker that dies in it makes
// the message be sent again, with the same Message-ID. Nothing else repeats it: not a client that asks twice
// (submission keys), and not a worker that lost its lease (release() is fenced).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/messages.h"

namespace postern {

enum class OutboxId : std::int64_t {};
struct OutboxKey {
  AccountId account{};
  OutboxId id{};
  friend bool operator==(const OutboxKey&, const OutboxKey&) = default;
};

// No mailbox has this key: who listens to it at the ChangeBus hears that the outbox has work.
constexpr MailboxKey kOutboxBell{};

// RFC 3461 §4.1, as bits; none of them: the sender asked for nothing, so failures (and delays) are told.
enum class Notify : std::uint8_t { never = 1, success = 2, failure = 4, delay = 8 };
enum class ReturnContent : std::uint8_t { unspecified, full, headers };  // RFC 3461 §4.3

struct OutboxRecipient {
  std::string address;
  std::uint8_t notify = 0;
  std::string original;  // ORCPT as given, "rfc822;…"; may be empty

  bool wants(Notify what) const { return (notify & static_cast<std::uint8_t>(what)) != 0; }
};

struct OutboxEnvelope {
  std::string reverse_path;  // empty: none, and nothing is ever reported
  std::vector<OutboxRecipient> recipients;
  std::string envelope_id;  // ENVID as given
  ReturnContent return_content = ReturnContent::unspecified;
  bool eight_bit = false;
  bool smtputf8 = false;
};

struct NewSubmission {
  OutboxEnvelope envelope;
  std::string key;                    // of the client's attempt, 32 octets; empty: nothing tells a repetition
  std::optional<MailboxKey> copy_to;  // Sent; the copy is \Seen
};

struct Enqueued {
  OutboxId id{};
  bool duplicate = false;          // the same key was queued before; nothing was done now
  std::optional<Appended> copied;  // if there was a copy to make
};

enum class RecipientState : std::uint8_t { waiting, delivered, failed };
std::string_view name_of(RecipientState state);
// What the sender is told next about a recipient.
enum class Report : std::uint8_t { none, failed, relayed, delayed };

struct QueuedRecipient {
  std::uint32_t number = 0;  // from 1
  OutboxRecipient who;
  RecipientState state = RecipientState::waiting;
  Report report = Report::none;
  std::string answer;
  std::optional<WallTime> settled_at;
};

struct QueuedMessage {
  OutboxKey key;
  OutboxEnvelope envelope;  // without recipients
  std::vector<QueuedRecipient> recipients;
  BlobId blob{};
  std::uint64_t size = 0;
  WallTime queued_at{};
  WallTime expires_at{};
  std::optional<WallTime> next_attempt;  // absent: finished
  std::uint32_t attempts = 0;            // the one that runs included
  bool held = false;                     // an attempt runs
  bool warned = false;
};

struct RecipientResult {
  std::uint32_t number = 0;
  RecipientState state = RecipientState::waiting;
  Report report = Report::none;
  std::string answer;
};

struct Claimed {
  std::vector<QueuedMessage> messages;
  std::optional<Milliseconds> next_due;  // until something (else) is due; absent: the queue is empty
};

// Of all accounts, for a dashboard.
struct OutboxDepth {
  std::uint64_t waiting = 0;  // messages with a recipient to deliver to or a report to make; counted to kMax
  std::uint64_t overdue = 0;  // of them, those that should have been taken up a minute ago
  Milliseconds oldest{0};     // since the longest waiting was queued
  static constexpr std::uint64_t kMax = 100'000;
};

struct OutboxFilter {
  std::optional<AccountId> account;
  bool finished = false;  // those too that are kept for a while
  std::uint32_t messages_max = 1000;
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  // Durable on return. `message` was received with the account as its home. over_quota (the copy has no
  // room), denied (the account's messages per hour or recipients per day are used up), not_found (account or
  // mailbox gone), unavailable.
  virtual Task<Result<Enqueued>> enqueue(const StagedMessage& message, NewSubmission submission) = 0;

  // --- for workers --------------------------------------------------------------------------------------
  // What is due, at most so many, for kLease. `holder`: 16 random octets of this worker.
  virtual Task<Result<Claimed>> claim(std::string holder, std::uint32_t messages_max) = 0;
  // Another kLease for all that the holder has.
  virtual Task<Result<void>> renew(std::string holder) = 0;
  virtual Task<Result<std::unique_ptr<MessageReader>>> open(const QueuedMessage& message) = 0;
  // Results of waiting recipients, at once. Repeated inside until it is certain; unavailable.
  virtual Task<Result<void>> record(OutboxKey key, std::vector<RecipientResult> results) = 0;
  // The end of an attempt: takes back the reports that have been made, and schedules the next attempt if a
  // recipient waits or a report is due. Does nothing if the holder has lost the message meanwhile.
  struct Release {
    std::vector<std::uint32_t> reported;
    Milliseconds retry_in{0};
    bool warned = false;
  };
  virtual Task<Result<void>> release(const QueuedMessage& message, std::string holder, Release release) = 0;
  static constexpr Milliseconds kLease{60'000};

  // --- for administrators -------------------------------------------------------------------------------
  // Oldest first.
  virtual Task<Result<std::vector<QueuedMessage>>> list(OutboxFilter filter) = 0;
  virtual Task<Result<QueuedMessage>> find(OutboxId id) = 0;  // not_found
  virtual Task<Result<OutboxDepth>> depth() = 0;
  // Due now. not_found; stale: finished, or an attempt runs.
  virtual Task<Result<void>> retry(OutboxId id) = 0;
  // Its waiting recipients fail, and nobody is told. not_found; stale: finished already.
  virtual Task<Result<void>> drop(OutboxId id) = 0;
};

}  // namespace postern
