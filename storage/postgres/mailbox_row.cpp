#include "storage/postgres/mailbox_row.h"

#include <algorithm>

namespace postern::postgres {

namespace {
// uid_next is one beyond kUidMax once a mailbox has given out its last UID.
Uid clamped(std::int64_t uid) {
  return Uid(static_cast<std::uint32_t>(std::min<std::int64_t>(uid, raw(kUidMax))));
}
}  // namespace

MailboxStatus status_from_row(const Row& row, int column) {
  const auto count = [&row, column](int offset) {
    return static_cast<std::uint64_t>(row.get<std::int64_t>(column + offset));
  };
  MailboxStatus status;
  status.uid_validity = UidValidity(static_cast<std::uint32_t>(count(0)));
  status.uid_next = clamped(row.get<std::int64_t>(column + 1));
  status.highest_modseq = ModSeq(count(2));
  status.first_recent = clamped(row.get<std::int64_t>(column + 3));
  status.messages = count(4);
  status.unseen = count(5);
  status.deleted = count(6);
  status.octets = count(7);
  return status;
}

}  // namespace postern::postgres
