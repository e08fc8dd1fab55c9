// /sessions: who is connected to the mail doors now, on all nodes.
#include "protocols/admin/handlers.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

Json session_json(const SessionEntry& entry) {
  Json json;
  json["id"] = to_text(entry.key);
  json["account"] = entry.account;
  json["door"] = name_of(entry.session.door);
  json["address"] = entry.session.address;
  json["client"] = entry.session.client;
  json["since"] = time_text(entry.session.since);
  json["node"] = entry.node;
  json["process"] = entry.process;
  json["ending"] = entry.ending;
  return json;
}

}  // namespace

Task<Result<Answer>> list_sessions(Call& call) {
  Query query(call.exchange.head().query);
  SessionFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  filter.account = query.text("account");
  if (const auto door = query.word("door", {"pop3", "imap", "mobile_sync", "submission"}))
    filter.door = feature_from(*door);
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<SessionEntry> entries,
         co_await call.store().sessions().list(call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(entries, range, session_json, page_key_of);
}

Task<Result<Answer>> end_session(Call& call) {
  const auto key = session_key_from(call.arg(0));
  if (!key) co_return not_found();
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->sessions().end(call.who.reach, *key));
  co_return Answer(202);
}

}  // namespace postern::admin
