#include "protocols/admin/recovery_query.h"

namespace postern::admin {

namespace {

// Members and parameters have the same names.
template <class Source>
RecoveryQuery query_from(Source& source) {
  RecoveryQuery query;
  if (const auto mailbox = source.text("mailbox")) {
    auto name = MailboxName::parse(*mailbox);
    if (name) {
      query.mailbox = *std::move(name);
    } else {
      source.wrong("mailbox", "is no name of a mailbox");
    }
  }
  query.removed_since = source.time("since");
  query.removed_before = source.time("until");
  if (const auto door = source.text("door")) {
    query.door = door_from(*door);
    if (!query.door) source.wrong("door", "there is no such door");
  }
  query.by = source.text("by").value_or("");
  query.sender = source.text("sender").value_or("");
  query.subject = source.text("subject").value_or("");
  return query;
}

}  // namespace

RecoveryQuery recovery_query_from(Fields& fields) {
  return query_from(fields);
}

RecoveryQuery recovery_query_from(Query& query) {
  RecoveryQuery asked = query_from(query);
  PageRange range = query.page();
  asked.after = std::move(range.after);
  asked.count_max = range.items_max;
  return asked;
}

Task<Result<RecoveryPage>> look_for_removed(Recovery& recovery, AccountId account, RecoveryQuery query) {
  for (int look = 1;; ++look) {
    CO_TRY(RecoveryPage page, co_await recovery.find(account, query));
    if (!page.found.empty() || page.next.empty() || look == kLooksMax) co_return page;
    query.after = std::move(page.next);
  }
}

}  // namespace postern::admin
