// postern queue: mail on its way out.
#include <fmt/format.h>

#include "gateway/base/text.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples = R"(  postern queue list
  postern queue list --account joe@example.org --finished --output json
  postern queue show 4711
  postern queue retry 4711
  postern queue drop 4711                 nobody is told
)";

struct QueueOptions {
  std::int64_t number = 0;
  OutboxId id() const { return OutboxId{number}; }
  std::string account;
  bool finished = false;
};

std::string state_of(const QueuedMessage& message) {
  if (message.held) return "sending";
  return message.next_attempt ? "waiting" : "finished";
}

Json json_of(const QueuedRecipient& recipient) {
  Json record;
  record["address"] = recipient.who.address;
  record["state"] = name_of(recipient.state);
  record["answer"] = recipient.answer;
  return record;
}

Json json_of(const QueuedMessage& message) {
  std::size_t waiting = 0;
  for (const QueuedRecipient& recipient : message.recipients)
    waiting += recipient.state == RecipientState::waiting ? 1 : 0;
  Json record;
  record["id"] = raw(message.key.id);
  record["from"] = message.envelope.reverse_path;
  record["size"] = message.size;
  record["state"] = state_of(message);
  record["recipients"] = message.recipients.size();
  record["waiting"] = waiting;
  record["attempts"] = message.attempts;
  record["queued"] = time_text(message.queued_at);
  record["next"] = message.next_attempt ? Json(time_text(*message.next_attempt)) : Json();
  return record;
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, const QueueOptions& options) {
  OutboxFilter filter;
  filter.finished = options.finished;
  if (!options.account.empty()) {
    CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.account));
    filter.account = account.id;
  }
  CO_TRY(const std::vector<QueuedMessage> messages, co_await session.store.outbox().list(filter));
  std::vector<Json> rows;
  for (const QueuedMessage& message : messages) rows.push_back(json_of(message));
  const std::vector<std::string> columns{"id",      "from",     "size",   "state", "recipients",
                                         "waiting", "attempts", "queued", "next"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, const QueueOptions& options) {
  CO_TRY(const QueuedMessage message, co_await session.store.outbox().find(options.id()));
  Json record = json_of(message);
  record["expires"] = time_text(message.expires_at);
  Json recipients = Json::array();
  for (const QueuedRecipient& recipient : message.recipients) recipients.push_back(json_of(recipient));
  record["recipients"] = std::move(recipients);
  print_record(format, record);
  co_return Result<void>();
}

Task<Result<void>> retry(StoreSession& session, OutputFormat format, const QueueOptions& options) {
  CO_TRY_VOID(co_await session.store.outbox().retry(options.id()));
  Json record;
  record["retried"] = options.number;
  print_done(format, fmt::format("Message {} is tried now.", options.number), record);
  co_return Result<void>();
}

Task<Result<void>> drop(StoreSession& session, OutputFormat format, const QueueOptions& options) {
  CO_TRY_VOID(co_await session.store.outbox().drop(options.id()));
  Json record;
  record["dropped"] = options.number;
  print_done(format, fmt::format("Message {} is dropped; nobody is told.", options.number), record);
  co_return Result<void>();
}

}  // namespace

void add_queue(CommandLine& line) {
  const auto options = std::make_shared<QueueOptions>();
  CLI::App& noun = line.noun("queue", "Mail on its way out", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, const QueueOptions&);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  CLI::App& listing = verb("list", "What waits, oldest first", list);
  listing.add_option("--account", options->account, "Of this account only");
  listing.add_flag("--finished", options->finished, "What is done too, as long as it is kept");
  for (CLI::App* one : {&verb("show", "One message, with its recipients", show),
                        &verb("retry", "Try one now", retry), &verb("drop", "Give one up", drop)}) {
    one->add_option("id", options->number, "Number in the queue")->required();
  }
}

}  // namespace postern::cli
