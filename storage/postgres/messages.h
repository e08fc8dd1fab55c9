// MessageStore on PostgreSQL. Each theme has its file: messages.cpp in and out, messages_flags.cpp,
// messages_facts.cpp, messages_expunge.cpp, messages_copy.cpp, messages_search.cpp, messages_follow_ups.cpp;
// what they stand on are the classes below.
#pragma once

#include "storage/change_bus.h"
#include "storage/messages.h"
#include "storage/postgres/blobs.h"
#include "storage/postgres/database.h"
#include "storage/postgres/deliveries.h"
#include "storage/postgres/doorbell.h"
#include "storage/postgres/facts_cache.h"
#include "storage/postgres/messages_index.h"
#include "storage/postgres/messages_keywords.h"

namespace postern::postgres {

struct TransferPlan;

class PostgresMessages final : public MessageStore {
 public:
  PostgresMessages(Database& database, Doorbell& doorbell, const Settings& settings, const Clock& clock);

  std::unique_ptr<MessageSink> receive(AccountId home, std::string trace_header) override;
  Task<Result<Appended>> deliver(const StagedMessage& message, Delivery delivery) override;
  Task<Result<Appended>> append(const StagedMessage& message, MailboxKey mailbox, NewMessage with) override;
  Task<Result<AppendedAll>> append_all(MailboxKey mailbox, std::vector<NewStagedMessage> messages) override;

  Task<Result<SnapshotPtr>> snapshot(MailboxKey mailbox) override { return index_.current(mailbox); }
  Task<Result<SnapshotPtr>> snapshot_reaching(MailboxKey mailbox, ModSeq wanted) override {
    return index_.reaching(mailbox, wanted);
  }
  Task<Result<SnapshotPtr>> inbox_snapshot(AccountId account) override { return index_.inbox(account); }
  Task<Result<FlagsStored>> store_flags(MailboxKey mailbox, UidSet uids, FlagChange change,
                                        std::optional<ModSeq> unchanged_since) override;
  Task<Result<std::vector<FollowUp>>> follow_ups(MailboxKey mailbox, UidSet uids) override;
  Task<Result<ModSeq>> attach_follow_ups(MailboxKey mailbox, std::vector<FollowUp> follow_ups) override;
  Task<Result<Copied>> copy(MailboxKey from, UidSet uids, MailboxKey to) override;
  Task<Result<Copied>> move(MailboxKey from, UidSet uids, MailboxKey to) override;
  Task<Result<Expunged>> expunge(MailboxKey mailbox, UidSet uids, Removal removal) override;
  Task<Result<Expunged>> remove(MailboxKey mailbox, UidSet uids, Removal removal) override;
  Task<Result<UidSet>> vanished_since(MailboxKey mailbox, ModSeq since) override;

  Task<Result<std::vector<MessageFacts>>> facts(MailboxKey mailbox, UidSet uids, FetchDepth depth) override;
  Task<Result<ListingPtr>> listing(MailboxKey mailbox, Uid first, Uid last) override;
  std::unique_ptr<MessageReader> open(AccountId account, const MessageFacts& message) override {
    return blobs_.reader(account, message.blob, message.size);
  }
  void read_ahead(AccountId account, std::span<const MessageFacts> messages) override;
  Task<Result<UidSet>> search(MailboxKey mailbox, SearchCriteria criteria,
                              std::function<bool()> cancelled) override;

  Blobs& blobs() { return blobs_; }
  // Waits for what is under way by itself; before the database closes.
  Task<void> drained();

 private:
  void keep(MailboxKey mailbox, const MessageFacts& facts);
  Task<Result<Placement>> placement_of(MailboxKey mailbox, NewMessage with);
  Task<Result<Appended>> place(const StagedMessage& message, Placement placement);
  // Numbers for all of `names`, allocated where they are missing; `table` learns them.
  Task<Result<std::vector<KeywordTable::Number>>> keyword_numbers(MailboxKey mailbox,
                                                                  std::vector<std::string> names,
                                                                  KeywordTable& table);
  Task<Result<Copied>> carry_out(TransferPlan plan);
  Task<Result<void>> plan_keywords(TransferPlan& plan, const MailboxSnapshot& source);
  Copied told(const TransferPlan& plan, Copied outcome, SnapshotPtr source_after);
  Task<Result<Expunged>> take_out(MailboxKey mailbox, UidSet uids, Removal removal, bool deleted_only);

  Database& database_;
  Doorbell& doorbell_;  // rings the bus of this process as well
  const Clock& clock_;
  MailboxIndex index_;
  FactsCache facts_;
  ListingCache listings_;
  Blobs blobs_;
  Deliveries deliveries_;
};

}  // namespace postern::postgres
