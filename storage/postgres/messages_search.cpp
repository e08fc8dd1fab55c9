#include "storage/postgres/messages.h"
#include "storage/postgres/search_source.h"
#include "storage/search.h"

namespace postern::postgres {

Task<Result<UidSet>> PostgresMessages::search(MailboxKey mailbox, SearchCriteria criteria,
                                              std::function<bool()> cancelled) {
  CO_TRY(SnapshotPtr snapshot, co_await index_.current(mailbox));
  PostgresSearchSource source(database_, *this);
  co_return co_await search_snapshot(database_.loop(), source, std::move(snapshot), std::move(criteria),
                                     std::move(cancelled));
}

}  // namespace postern::postgres
