// /aliases
#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"

namespace postern::admin {

namespace {

constexpr std::size_t kTargetsMax = 1000;

Task<Result<Answer>> answer_with(const Call& call, std::string address) {
  CO_TRY(const AliasEntry entry, co_await call.store().listings().alias(call.who.reach, std::move(address)));
  Answer answer(200, alias_json(entry));
  answer.etag = entry.version;
  co_return answer;
}

}  // namespace

Task<Result<Answer>> list_aliases(Call& call) {
  Query query(call.exchange.head().query);
  DirectoryFilter filter;
  filter.tenant = query.tenant();
  filter.domain = query.domain();
  filter.begins_with = query.text("q").value_or("");
  const PageRange range = query.page();
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  PageRange wanted = one_more(range);
  CO_TRY(const std::vector<AliasEntry> entries,
         co_await call.store().listings().aliases(call.who.reach, std::move(filter), std::move(wanted)));
  co_return list_of(entries, range, alias_json, [](const AliasEntry& entry) { return entry.alias.address; });
}

Task<Result<Answer>> get_alias(Call& call) {
  co_return co_await answer_with(call, call.arg(0));
}

// The domain decides whether it is in reach; the alias itself need not be there.
Task<Result<Answer>> put_alias(Call& call) {
  const auto address = parse_address(call.arg(0));
  if (!address) co_return not_found();
  CO_TRY_VOID(co_await call.store().listings().domain(call.who.reach, address->domain));
  Fields fields(call.body);
  auto targets = fields.texts("targets", kTargetsMax);
  if (!targets || targets->empty()) fields.wrong("targets", "at least one address is wanted");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const auto acting = call.acting(RowVersion::Of::alias, address->text());
  const auto put = co_await acting->directory().set_alias(address->text(), *std::move(targets));
  const bool no_address =
      !put && put.error().kind == ErrorKind::invalid && put.error().detail != kVersionConstraint;
  if (no_address) co_return invalid("targets", "one of them is no address");
  if (!put) co_return put.error();
  co_return co_await answer_with(call, address->text());
}

Task<Result<Answer>> delete_alias(Call& call) {
  CO_TRY(const AliasEntry entry, co_await call.store().listings().alias(call.who.reach, call.arg(0)));
  const auto acting = call.acting(RowVersion::Of::alias, entry.alias.address);
  CO_TRY_VOID(co_await acting->directory().delete_alias(entry.alias.address));
  co_return Answer(204);
}

}  // namespace postern::admin
