// /audit and /feature-events
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

RecordFilter filter_from(Query& query) {
  RecordFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  filter.since = query.time("since");
  filter.until = query.time("until");
  return filter;
}

}  // namespace

Task<Result<Answer>> list_feature_events(Call& call) {
  Query query(call.exchange.head().query);
  RecordFilter filter = filter_from(query);
  filter.feature = query.feature();
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<FeatureEvent> events, co_await call.store().records().feature_events(
                                                     call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(events, range, feature_event_json,
                    [](const FeatureEvent& event) { return std::to_string(event.id); });
}

Task<Result<Answer>> list_audit(Call& call) {
  Query query(call.exchange.head().query);
  RecordFilter filter = filter_from(query);
  filter.who = query.text("who");
  filter.object = query.text("object");
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<AuditEntry> entries,
         co_await call.store().records().audit(call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(entries, range, audit_json,
                    [](const AuditEntry& entry) { return std::to_string(entry.id); });
}

}  // namespace postern::admin
