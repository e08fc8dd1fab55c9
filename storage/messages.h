// Messages of a mailbox: in, out, state, changes. One verb is one transaction. A verb that names UIDs which
// do not exist simply has nothing to do for them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/mailbox_index.h"
#include "storage/model/message.h"
#include "storage/model/search.h"

namespace postern {

// A message whose octets have been received but which is in no mailbox yet. Octets beyond one chunk are
// already in the database, under `home`; if nothing takes the message they are collected later.
struct StagedMessage {
  AccountId home{};
  BlobId blob{};  // valid if chunks > 0
  std::uint64_t size = 0;
  std::uint32_t chunks = 0;         // rows beyond the first chunk that are already stored
  std::string first_chunk;          // as it will stand in its row; at most kChunkOctets
  std::int16_t first_encoding = 0;  // how it does: the store's affair
  std::string hash;                 // SHA-256 of all octets as stored
  std::string content_hash;         // SHA-256 of the octets without the trace header: tells a retry
  std::string structure;            // mime::Structure, encoded
};

struct NewStagedMessage {
  StagedMessage message;  // received with the mailbox's account as its home
  NewMessage with;
};

constexpr std::size_t kChunkOctets = 256 * 1024;

// The writing end: takes octets as they arrive, holds at most one chunk.
class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // unavailable: the database cannot take a chunk; the message cannot be completed any more.
  virtual Task<Result<void>> write(std::string_view octets) = 0;
  virtual std::uint64_t size() const = 0;
  // Once, at the end.
  virtual Task<Result<StagedMessage>> finish() = 0;
};

// The reading end. Holds no database connection between calls; goes on working after an expunge.
class MessageReader {
 public:
  virtual ~MessageReader() = default;
  virtual std::uint64_t size() const = 0;
  // At most octets_max octets from offset; fewer only at the end, none beyond it. The view lives until the
  // next call or the reader's end.
  virtual Task<Result<std::string_view>> read(std::uint64_t offset, std::size_t octets_max) = 0;
};

struct Delivery {
  AccountId account{};
  std::string reverse_path;  // envelope sender; with recipient and content_hash it tells a retry
  std::string recipient;     // as given in RCPT
  std::optional<MailboxId> mailbox = std::nullopt;  // nullopt: INBOX
};

class MessageStore {
 public:
  virtual ~MessageStore() = default;

  // --- in -----------------------------------------------------------------------------------------------
  // `trace_header` (Return-Path, Received …) is stored in front of what is written; may be empty.
  virtual std::unique_ptr<MessageSink> receive(AccountId home, std::string trace_header) = 0;
  // Durable on return. over_quota, not_found (account gone), invalid (mailbox gone), unavailable. `duplicate`
  // if this very delivery was stored before (law 5). Waiting deliveries share a commit (law 4).
  virtual Task<Result<Appended>> deliver(const StagedMessage& message, Delivery delivery) = 0;
  // over_quota, not_found, too_large (keywords).
  virtual Task<Result<Appended>> append(const StagedMessage& message, MailboxKey mailbox,
                                        NewMessage with) = 0;

  // All or none, at most kAppendedMax. Errors as of append.
  virtual Task<Result<AppendedAll>> append_all(MailboxKey mailbox,
                                               std::vector<NewStagedMessage> messages) = 0;
  static constexpr std::size_t kAppendedMax = 100;

  // --- state --------------------------------------------------------------------------------------------
  // The state of now: from memory if its modseq is still the mailbox's, else brought up to date. not_found.
  virtual Task<Result<SnapshotPtr>> snapshot(MailboxKey mailbox) = 0;
  // A state that is not older than `wanted`, as a writer or the doorbell named it: without a round trip if
  // this process knows one. not_found.
  virtual Task<Result<SnapshotPtr>> snapshot_reaching(MailboxKey mailbox, ModSeq wanted) = 0;
  // The state of now of the account's INBOX, found and read at once. not_found.
  virtual Task<Result<SnapshotPtr>> inbox_snapshot(AccountId account) = 0;
  // With unchanged_since, messages modified after it are left alone and listed in `refused`.
  virtual Task<Result<FlagsStored>> store_flags(MailboxKey mailbox, UidSet uids, FlagChange change,
                                                std::optional<ModSeq> unchanged_since) = 0;
  // Of the messages, at most kFactsMax, those that something is attached to.
  virtual Task<Result<std::vector<FollowUp>>> follow_ups(MailboxKey mailbox, UidSet uids) = 0;
  // Attaches these instead of what was attached (empty: nothing any more), and gives the messages a new
  // mod-sequence, which is returned. too_large, not_found (the mailbox).
  virtual Task<Result<ModSeq>> attach_follow_ups(MailboxKey mailbox, std::vector<FollowUp> follow_ups) = 0;
  // UIDs ascend in the target in source order. All or none. over_quota, not_found (target: already checked
  // by the caller's find).
  virtual Task<Result<Copied>> copy(MailboxKey from, UidSet uids, MailboxKey to) = 0;
  virtual Task<Result<Copied>> move(MailboxKey from, UidSet uids, MailboxKey to) = 0;
  // Those of `uids` that have \Deleted set.
  virtual Task<Result<Expunged>> expunge(MailboxKey mailbox, UidSet uids, Removal removal) = 0;
  // Those of `uids`, whatever their flags. All or none (POP3's QUIT).
  virtual Task<Result<Expunged>> remove(MailboxKey mailbox, UidSet uids, Removal removal) = 0;
  // UIDs that vanished after `since`, from the expunge log (RFC 7162 VANISHED (EARLIER)).
  virtual Task<Result<UidSet>> vanished_since(MailboxKey mailbox, ModSeq since) = 0;

  // --- out ----------------------------------------------------------------------------------------------
  // By UID, ascending; at most 256 are asked for at a time. May have more depth than was asked for.
  virtual Task<Result<std::vector<MessageFacts>>> facts(MailboxKey mailbox, UidSet uids,
                                                        FetchDepth depth) = 0;
  std::size_t static constexpr kFactsMax = 256;
  // Sizes of all messages with UIDs in [first, last], and the UIDLs that were kept for them. At most one
  // round trip; none for what was listed lately.
  virtual Task<Result<ListingPtr>> listing(MailboxKey mailbox, Uid first, Uid last) = 0;
  // Costs nothing yet; its read() says not_found if the message has been purged.
  virtual std::unique_ptr<MessageReader> open(AccountId account, const MessageFacts& message) = 0;
  // Begins to load the first chunks of what will be read next, with one query for all of them. A hint: it may
  // be dropped.
  virtual void read_ahead(AccountId account, std::span<const MessageFacts> messages) = 0;

  // UIDs that match. Complete and exact. `cancelled` is asked between slices; closed if it says yes.
  virtual Task<Result<UidSet>> search(MailboxKey mailbox, SearchCriteria criteria,
                                      std::function<bool()> cancelled) = 0;
};

}  // namespace postern
