// postern session: who is connected to the mail doors now, on all nodes; and ending one.
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern session list
  postern session list --domain example.org --door imap
  postern session list --account joe@example.org
  postern session end 17-4711                  within five seconds; its client may come again
)";

struct SessionOptions {
  std::string domain;
  std::string account;
  std::string door;
  std::string id;
};
using Options = const SessionOptions&;

Json json_of(const SessionEntry& entry) {
  Json record;
  record["id"] = to_text(entry.key);
  record["account"] = entry.account;
  record["door"] = name_of(entry.session.door);
  record["address"] = entry.session.address;
  record["client"] = entry.session.client;
  record["since"] = time_text(entry.session.since);
  record["node"] = entry.node;
  record["process"] = entry.process;
  record["ending"] = entry.ending;
  return record;
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  SessionFilter filter;
  if (!options.domain.empty()) filter.domain = options.domain;
  if (!options.account.empty()) filter.account = options.account;
  if (!options.door.empty()) filter.door = feature_from(options.door);
  std::vector<Json> rows;
  PageRange range;
  range.items_max = kPageItemsMax;
  std::vector<SessionEntry> page;
  do {
    CO_TRY(page, co_await session.store.sessions().list(Reach(), filter, range));
    for (const SessionEntry& entry : page) rows.push_back(json_of(entry));
    if (!page.empty()) range.after = page_key_of(page.back());
  } while (page.size() == range.items_max);
  const std::vector<std::string> columns{"id", "account", "door", "address", "client", "since", "node"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> end(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const SessionKey key, session_key_from(options.id));
  CO_TRY_VOID(co_await session.store.sessions().end(Reach(), key));
  Json record;
  record["ending"] = options.id;
  print_done(format, "It ends within five seconds.", record);
  co_return Result<void>();
}

}  // namespace

void add_session(CommandLine& line) {
  const auto options = std::make_shared<SessionOptions>();
  CLI::App& noun = line.noun("session", "Who is connected now", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  CLI::App& listing = verb("list", "Sessions on all nodes, by account; a few seconds old", list);
  listing.add_option("--domain", options->domain, "Of this domain");
  listing.add_option("--account", options->account, "Of this account: local@domain");
  line.one_of(*listing.add_option("--door", options->door, "One of: pop3, imap, mobile_sync, submission"),
              {"pop3", "imap", "mobile_sync", "submission"});
  verb("end", "Ask one to say goodbye", end).add_option("id", options->id, "As `list` shows it")->required();
}

}  // namespace postern::cli
