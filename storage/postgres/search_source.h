// SearchSource on PostgreSQL. Slices and octets are read on the bulk lane, so that they do not stand in front
// of short reads.
#pragma once

#include "storage/postgres/database.h"
#include "storage/search_source.h"

namespace postern::postgres {

class PostgresSearchSource final : public SearchSource {
 public:
  // Both must outlive it.
  PostgresSearchSource(Database& database, MessageStore& messages)
      : database_(database), messages_(messages) {}

  Task<Result<std::vector<IndexSlice>>> slices(MailboxKey mailbox, SliceKind kind,
                                               PageNumbers pages) override;
  Task<Result<std::vector<SliceOutline>>> outlines(MailboxKey mailbox, SliceKind kind, PageNumbers pages,
                                                   bool with_grams) override;
  Task<Result<std::vector<IndexSlice>>> slices_of(MailboxKey mailbox, SliceKind kind,
                                                  std::vector<SliceOutline> outlines) override;
  Task<Result<std::vector<MessageFacts>>> facts(MailboxKey mailbox, UidSet uids, FetchDepth depth) override;
  std::unique_ptr<MessageReader> open(AccountId account, const MessageFacts& message) override;
  Task<Result<std::vector<SmallMessage>>> small_messages(MailboxKey mailbox, UidSet uids) override;

 private:
  Database& database_;
  MessageStore& messages_;
};

}  // namespace postern::postgres
