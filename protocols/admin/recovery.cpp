// What can be brought back: /accounts/{account}/removed-messages and removed-folders,
// /domains/{domain}/deleted-accounts. Of a message its header is shown, never its body.
#include "protocols/admin/recovery_query.h"

#include "protocols/admin/handlers.h"
#include "protocols/admin/times.h"

namespace postern::admin {

namespace {

std::string who(const AccountEntry& account, const Removal& removal) {
  return removal.by.empty() ? account.address : removal.by;
}

Json removed_message_json(const AccountEntry& account, const Recoverable& one) {
  Json json;
  json["id"] = to_text(one.key);
  json["mailbox"] = one.mailbox;
  json["mailbox_removed"] = one.mailbox_removed;
  json["removed_at"] = time_text(one.removed_at);
  json["door"] = name_of(one.removal.door);
  json["by"] = who(account, one.removal);
  json["kept_until"] = time_text(one.kept_until);
  json["sender"] = one.sender;
  json["subject"] = one.subject;
  json["received_at"] = time_text(one.internal_date);
  json["octets"] = one.size;
  return json;
}

Json removed_folder_json(const AccountEntry& account, const RemovedMailbox& folder) {
  Json json;
  json["id"] = raw(folder.key.mailbox);
  json["name"] = folder.name;
  json["removed_at"] = time_text(folder.removed_at);
  json["door"] = name_of(folder.removal.door);
  json["by"] = who(account, folder.removal);
  json["kept_until"] = time_text(folder.kept_until);
  json["messages"] = folder.messages;
  json["octets"] = folder.octets;
  return json;
}

Json deleted_account_json(const DeletedAccount& account) {
  Json json;
  json["address"] = account.address;
  json["deleted_at"] = time_text(account.deleted_at);
  json["by"] = account.by;
  json["kept_until"] = time_text(account.kept_until);
  json["messages"] = account.messages;
  json["octets"] = account.octets;
  return json;
}

}  // namespace

Task<Result<Answer>> list_removed_messages(Call& call) {
  CO_TRY(const AccountEntry account, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  Query query(call.exchange.head().query);
  RecoveryQuery asked = recovery_query_from(query);
  if (auto refusal = query.refusal()) co_return *std::move(refusal);
  auto page = co_await look_for_removed(call.store().recovery(), account.id, std::move(asked));
  if (!page && page.error().kind == ErrorKind::invalid)
    co_return malformed("after is not the `next` of a page");
  if (!page) co_return page.error();
  Json body;
  body["items"] = Json::array();
  for (const Recoverable& one : page->found) body["items"].push_back(removed_message_json(account, one));
  body["next"] = page->next.empty() ? Json() : Json(cursor_of(page->next));
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> get_removed_header(Call& call) {
  CO_TRY(const AccountEntry account, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  const auto key = recoverable_key_from(call.arg(1));
  if (!key) co_return not_found();
  CO_TRY(const std::string header, co_await call.store().recovery().header(account.id, *key));
  Json body;
  body["id"] = to_text(*key);
  body["header"] = header;
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> list_removed_folders(Call& call) {
  CO_TRY(const AccountEntry account, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  CO_TRY(const std::vector<RemovedMailbox> folders,
         co_await call.store().recovery().removed_mailboxes(account.id));
  co_return whole_list_of(folders,
                          [&](const RemovedMailbox& folder) { return removed_folder_json(account, folder); });
}

Task<Result<Answer>> list_deleted_accounts(Call& call) {
  CO_TRY(const DomainEntry domain, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  CO_TRY(const std::vector<DeletedAccount> accounts,
         co_await call.store().recovery().deleted_accounts(domain.domain.name));
  co_return whole_list_of(accounts, deleted_account_json);
}

}  // namespace postern::admin
