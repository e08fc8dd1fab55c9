// Bringing back: /accounts/{account}/restored-messages and restored-folders,
// /domains/{domain}/restored-accounts. One request restores one page of messages and says where the next
// begins: whoever restores much sees how far it is, and can stop. The store notes each in the audit.
#include <algorithm>
#include <variant>

#include "protocols/admin/entry_json.h"
#include "protocols/admin/handlers.h"
#include "protocols/admin/recovery_query.h"

namespace postern::admin {

namespace {

// A deleted account comes back first: nothing can be put into it.
Task<Result<AccountEntry>> living(const Call& call) {
  CO_TRY(AccountEntry entry, co_await call.store().listings().account(call.who.reach, call.arg(0)));
  if (entry.status == AccountStatus::deleted) co_return Error(ErrorKind::not_found, "the account is deleted");
  co_return entry;
}

RestoreTarget target_from(Fields& fields) {
  RestoreTarget target;
  const std::string place = fields.text("to").value_or("original");
  if (place == "dated") {
    target.place = RestorePlace::dated;
  } else if (place != "original") {
    fields.wrong("to", "original or dated is wanted");
  }
  if (const auto mailbox = fields.text("mailbox")) {
    auto name = MailboxName::parse(*mailbox);
    if (!name) fields.wrong("mailbox", "is no name of a mailbox");
    target.place = RestorePlace::named;
    if (name) target.name = *std::move(name);
  }
  return target;
}

std::vector<RecoverableKey> keys_from(Fields& fields) {
  std::vector<RecoverableKey> keys;
  const auto texts = fields.texts("messages", Recovery::kRestoreMax);
  if (!texts) return keys;
  for (const std::string& text : *texts) {
    const auto key = recoverable_key_from(text);
    if (key) {
      keys.push_back(*key);
    } else {
      fields.wrong("messages", "one of them is no removed message");
      break;
    }
  }
  return keys;
}

struct Wanted {
  Wanted() = default;
  std::vector<RecoverableKey> keys;
  std::optional<RecoveryQuery> matching;  // instead of keys
  RestoreTarget target;
};

// What is to be restored, or what is wrong with the request.
std::variant<Wanted, Answer> wanted_from(const Json& body) {
  Fields fields(body);
  Wanted wanted;
  wanted.keys = keys_from(fields);
  wanted.target = target_from(fields);
  const Json* matching = fields.object("matching");
  const auto after = fields.text("after");
  if ((matching != nullptr) == body.contains("messages"))
    fields.wrong("messages", "either messages or matching is wanted");
  if (after && matching == nullptr) fields.wrong("after", "goes with matching");
  if (auto refusal = fields.refusal()) return *std::move(refusal);
  if (matching == nullptr) return wanted;
  Fields members(*matching);
  wanted.matching = recovery_query_from(members);
  if (auto refusal = members.refusal()) return *std::move(refusal);
  wanted.matching->count_max = Recovery::kRestoreMax;
  const auto key = after ? key_of_cursor(*after) : std::string();
  if (!key) return invalid("after", "is not the `next` of an answer");
  wanted.matching->after = *key;
  return wanted;
}

Answer answer_with(const Restored& restored, const std::string& next) {
  Json body;
  body["restored"] = restored.messages;
  body["duplicates"] = restored.duplicates;
  body["gone"] = restored.gone;
  body["next"] = next.empty() ? Json() : Json(cursor_of(next));
  return Answer(200, std::move(body));
}

}  // namespace

Task<Result<Answer>> restore_messages(Call& call) {
  CO_TRY(const AccountEntry account, co_await living(call));
  auto read = wanted_from(call.body);
  if (auto* refusal = std::get_if<Answer>(&read)) co_return std::move(*refusal);
  Wanted wanted = std::get<Wanted>(std::move(read));
  std::string next;
  if (wanted.matching) {
    auto page = co_await look_for_removed(call.store().recovery(), account.id, *std::move(wanted.matching));
    if (!page && page.error().kind == ErrorKind::invalid)
      co_return invalid("after", "is not the `next` of an answer");
    if (!page) co_return page.error();
    for (const Recoverable& one : page->found) wanted.keys.push_back(one.key);
    next = std::move(page->next);
  }
  const auto acting = call.acting();
  CO_TRY(const Restored restored, co_await acting->recovery().restore(account.id, std::move(wanted.keys),
                                                                      wanted.target, call.who.name));
  co_return answer_with(restored, next);
}

Task<Result<Answer>> restore_folder(Call& call) {
  CO_TRY(const AccountEntry account, co_await living(call));
  Fields fields(call.body);
  const std::uint64_t number = fields.need_number("folder", 1, INT64_MAX);
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  const MailboxKey key{account.id, MailboxId(static_cast<std::int64_t>(number))};
  const auto acting = call.acting();
  const auto mailbox = co_await acting->recovery().restore_mailbox(key);
  if (!mailbox && mailbox.error().kind == ErrorKind::not_found)
    co_return invalid("folder", "is not among the removed ones");
  if (!mailbox) co_return mailbox.error();
  Json body;
  body["name"] = mailbox->name.text();
  body["messages"] = mailbox->status.messages;
  co_return Answer(200, std::move(body));
}

Task<Result<Answer>> restore_account(Call& call) {
  CO_TRY(const DomainEntry domain, co_await call.store().listings().domain(call.who.reach, call.arg(0)));
  Fields fields(call.body);
  const std::string address = fields.need_text("account");
  if (auto refusal = fields.refusal()) co_return *std::move(refusal);
  CO_TRY(const std::vector<DeletedAccount> deleted,
         co_await call.store().recovery().deleted_accounts(domain.domain.name));
  const auto found = std::find_if(deleted.begin(), deleted.end(),
                                  [&](const DeletedAccount& one) { return one.address == address; });
  if (found == deleted.end()) co_return invalid("account", "is not among the deleted ones");
  const auto acting = call.acting();
  CO_TRY_VOID(co_await acting->directory().set_status(found->id, AccountStatus::active));
  CO_TRY(const AccountEntry account, co_await call.store().listings().account(call.who.reach, address));
  Answer answer(200, account_json(account));
  answer.etag = account.version;
  co_return answer;
}

}  // namespace postern::admin
