// /queue: mail on its way out
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

Task<Result<QueueEntry>> queued(const Call& call) {
  return call.store().listings().queued(call.who.reach, OutboxId(call.number(0)));
}

}  // namespace

Task<Result<Answer>> list_queue(Call& call) {
  Query query(call.exchange.head().query);
  OutboxFilter filter;
  const auto whose = query.text("account");
  filter.finished = query.flag("finished");
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  std::vector<QueueEntry> entries;
  bool nobody = false;
  if (whose) {
    const auto account = co_await call.store().listings().account(call.who.reach, *whose);
    nobody = !account && account.error().kind == ErrorKind::not_found;
    if (!account && !nobody) co_return account.error();
    if (account) filter.account = account->id;
  }
  if (!nobody) {
    PageRange wanted = one_more(range);
    CO_TRY(entries,
           co_await call.store().listings().queue(call.who.reach, std::move(filter), std::move(wanted)));
  }
  co_return list_of(entries, range, queued_json,
                    [](const QueueEntry& entry) { return std::to_string(raw(entry.message.key.id)); });
}

Task<Result<Answer>> get_queued(Call& call) {
  CO_TRY(const QueueEntry entry, co_await queued(call));
  co_return Answer(200, queued_json(entry));
}

Task<Result<Answer>> drop_queued(Call& call) {
  CO_TRY(const QueueEntry entry, co_await queued(call));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->outbox().drop(entry.message.key.id));
  co_return Answer(204);
}

Task<Result<Answer>> retry_queued(Call& call) {
  CO_TRY(const QueueEntry entry, co_await queued(call));
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->outbox().retry(entry.message.key.id));
  co_return Answer(202);
}

}  // namespace postern::admin
