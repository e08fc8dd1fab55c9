#include "storage/postgres/write_keys.h"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>

namespace postern::postgres {

namespace {
constexpr Statement kFindWrite{"find_write", R"sql(
  SELECT written.mailbox_id, coalesce(mailbox.uid_validity, 0), written.first_uid, written.uid_count, written.modseq
    FROM write_keys written
    LEFT JOIN mailboxes mailbox USING (account_id, mailbox_id)
   WHERE written.account_id = $1::bigint AND written.write_key = $2::bytea)sql"};

constexpr Milliseconds kPauseMin{50};
constexpr Milliseconds kPauseMax{1000};
}  // namespace

Task<Result<std::optional<KeyedWrite>>> find_write(Database& database, AccountId account, std::string key) {
  Params params(account, Bytes{key});
  CO_TRY(Rows rows, co_await database.query(Lane::read, kFindWrite, std::move(params)));
  if (rows.empty()) co_return std::optional<KeyedWrite>();
  const Row row = rows[0];
  KeyedWrite write;
  write.mailbox = MailboxKey{account, row.get<MailboxId>(0)};
  write.uid_validity = row.get<UidValidity>(1);
  write.first_uid = row.get<Uid>(2);
  write.uid_count = static_cast<std::uint32_t>(row.get<std::int32_t>(3));
  write.modseq = row.get<ModSeq>(4);
  co_return std::optional<KeyedWrite>(write);
}

Task<Result<std::optional<KeyedWrite>>> settle_write(Database& database, AccountId account, std::string key,
                                                     Deadline deadline) {
  for (Milliseconds pause = kPauseMin;; pause = std::min(pause * 2, kPauseMax)) {
    auto found = co_await find_write(database, account, key);
    if (found || found.error().kind == ErrorKind::internal) co_return found;
    if (deadline.passed()) co_return Error(ErrorKind::unavailable, "could not settle a write in doubt");
    co_await sleep(database.loop(), pause);
  }
}

std::string random_write_key() {
  std::string key(16, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1) {
    throw std::runtime_error("no random octets");
  }
  return key;
}

}  // namespace postern::postgres
