// What a write with a key of its own has done, looked up by that key: how a COMMIT in doubt is settled (law
// 3).
#pragma once

#include <optional>

#include "storage/model/message.h"
#include "storage/postgres/database.h"

namespace postern::postgres {

struct KeyedWrite {
  MailboxKey mailbox;
  UidValidity uid_validity{};
  Uid first_uid{};
  std::uint32_t uid_count = 0;
  ModSeq modseq{};
};

// nullopt: not written.
Task<Result<std::optional<KeyedWrite>>> find_write(Database& database, AccountId account, std::string key);
// The same, asked again while the database is away.
Task<Result<std::optional<KeyedWrite>>> settle_write(Database& database, AccountId account, std::string key,
                                                     Deadline deadline);

// The write_keys key of an append, copy or move: 16 random octets.
std::string random_write_key();

}  // namespace postern::postgres
