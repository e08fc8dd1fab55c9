// postern recover: deleted mail, mailboxes and accounts, looked for and brought back.
#include <fmt/chrono.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/base/text.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern recover list joe@example.org
  postern recover list joe@example.org --since 2025-01-30 --sender bank --door mobile_sync
  postern recover show joe@example.org 17-4711-3              header only
  postern recover restore joe@example.org 17-4711-3 17-4711-4
  postern recover restore joe@example.org --since 2025-01-30T18:00 --to dated
  postern recover restore joe@example.org --mailbox Trash --to "INBOX/Found again"
  postern recover restore joe@example.org --all
  postern recover folders joe@example.org
  postern recover folder joe@example.org 23                   with its UIDs, as it was
  postern recover accounts example.org
  postern recover account joe@example.org                     whole, with its password
)";

constexpr const char* kAdministrator = "command line";

struct RecoverOptions {
  std::string address;
  std::string domain;
  std::string mailbox;
  std::optional<WallTime> since;
  std::optional<WallTime> before;
  std::string door;
  std::string by;
  std::string sender;
  std::string subject;
  std::string after;
  std::uint32_t limit = 100;
  std::vector<std::string> keys;
  bool all = false;
  std::string to = "original";
  std::int64_t number = 0;
};
using Options = const RecoverOptions&;

bool narrows(Options options) {
  return !options.mailbox.empty() || options.since || options.before || !options.door.empty() ||
         !options.by.empty() || !options.sender.empty() || !options.subject.empty();
}

Result<RecoveryQuery> query_of(Options options) {
  RecoveryQuery query;
  if (!options.mailbox.empty()) {
    TRY(query.mailbox, MailboxName::parse(options.mailbox));
  }
  query.removed_since = options.since;
  query.removed_before = options.before;
  if (!options.door.empty()) query.door = door_from(options.door);
  query.by = options.by;
  query.sender = options.sender;
  query.subject = options.subject;
  query.after = options.after;
  query.count_max = options.limit;
  return query;
}

Json who(const AccountRecord& account, const Removal& removal) {
  return removal.by.empty() ? account.address : removal.by;
}

Json json_of(const AccountRecord& account, const Recoverable& one) {
  Json record;
  record["id"] = to_text(one.key);
  record["removed"] = time_text(one.removed_at);
  record["door"] = name_of(one.removal.door);
  record["by"] = who(account, one.removal);
  record["mailbox"] = one.mailbox;
  record["mailbox_removed"] = one.mailbox_removed;
  record["kept_until"] = time_text(one.kept_until);
  record["from"] = one.sender;
  record["subject"] = one.subject;
  record["received"] = time_text(one.internal_date);
  record["size"] = one.size;
  return record;
}

Json json_of(const Restored& restored) {
  Json record;
  record["restored"] = restored.messages;
  record["duplicates"] = restored.duplicates;
  record["gone"] = restored.gone;
  return record;
}

// Some pages may have nothing that fits, though there is more: until there are enough.
Task<Result<void>> list(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(RecoveryQuery query, query_of(options));
  std::vector<Json> rows;
  do {
    query.count_max = options.limit - static_cast<std::uint32_t>(rows.size());
    CO_TRY(RecoveryPage page, co_await session.store.recovery().find(account.id, query));
    for (const Recoverable& one : page.found) rows.push_back(json_of(account, one));
    query.after = std::move(page.next);
  } while (!query.after.empty() && rows.size() < options.limit);
  if (format == OutputFormat::json) {
    Json record;
    record["messages"] = rows;
    record["next"] = query.after.empty() ? Json() : Json(query.after);
    print_record(format, record);
    co_return Result<void>();
  }
  const std::vector<std::string> columns{"id", "removed", "door", "by", "mailbox", "from", "subject"};
  print_rows(format, columns, rows);
  if (!query.after.empty()) std::fprintf(stderr, "There is more: --after %s\n", query.after.c_str());
  co_return Result<void>();
}

Task<Result<void>> show(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const RecoverableKey key, recoverable_key_from(options.keys.front()));
  CO_TRY(const std::string header, co_await session.store.recovery().header(account.id, key));
  Json record;
  record["id"] = options.keys.front();
  record["header"] = header;
  print_done(format, header, record);
  co_return Result<void>();
}

Result<RestoreTarget> target_of(Options options) {
  RestoreTarget target;
  if (options.to == "original") return target;
  target.place = options.to == "dated" ? RestorePlace::dated : RestorePlace::named;
  if (target.place == RestorePlace::named) {
    TRY(target.name, MailboxName::parse(options.to));
  }
  return target;
}

void tell_progress(const Restored& restored) {
  if (isatty(STDERR_FILENO) == 0) return;
  std::fprintf(stderr, "\r%llu restored", static_cast<unsigned long long>(restored.messages));
}

Task<Result<Restored>> restore_keys(StoreSession& session, AccountId account, Options options,
                                    RestoreTarget target) {
  std::vector<RecoverableKey> keys;
  for (const std::string& text : options.keys) {
    CO_TRY(const RecoverableKey key, recoverable_key_from(text));
    keys.push_back(key);
  }
  Restored all;
  for (std::size_t at = 0; at < keys.size(); at += Recovery::kRestoreMax) {
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min(Recovery::kRestoreMax, keys.size() - at);
    std::vector<RecoverableKey> some(begin, begin + static_cast<std::ptrdiff_t>(count));
    CO_TRY(const Restored restored,
           co_await session.store.recovery().restore(account, std::move(some), target, kAdministrator));
    all += restored;
    tell_progress(all);
  }
  co_return all;
}

Task<Result<void>> restore(StoreSession& session, OutputFormat format, Options options) {
  const bool by_query = options.all || narrows(options);
  if (by_query != options.keys.empty()) {
    co_return Error(ErrorKind::invalid,
                    "say which: numbers of messages, or what they have in common, or --all");
  }
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const RestoreTarget target, target_of(options));
  Result<Restored> restored = Restored();
  if (by_query) {
    CO_TRY(const RecoveryQuery query, query_of(options));
    restored = co_await restore_all(session.store.recovery(), account.id, query, target, kAdministrator,
                                    tell_progress);
  } else {
    restored = co_await restore_keys(session, account.id, options, target);
  }
  if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
  if (!restored) co_return restored.error();
  print_done(format,
             fmt::format("{} messages restored; {} were there already, {} are gone.", restored->messages,
                         restored->duplicates, restored->gone),
             json_of(*restored));
  co_return Result<void>();
}

Task<Result<void>> list_folders(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const std::vector<RemovedMailbox> mailboxes,
         co_await session.store.recovery().removed_mailboxes(account.id));
  std::vector<Json> rows;
  for (const RemovedMailbox& mailbox : mailboxes) {
    Json& row = rows.emplace_back();
    row["id"] = raw(mailbox.key.mailbox);
    row["name"] = mailbox.name;
    row["removed"] = time_text(mailbox.removed_at);
    row["door"] = name_of(mailbox.removal.door);
    row["by"] = who(account, mailbox.removal);
    row["messages"] = mailbox.messages;
    row["octets"] = mailbox.octets;
    row["kept_until"] = time_text(mailbox.kept_until);
  }
  const std::vector<std::string> columns{"id", "name", "removed", "door", "by", "messages", "kept_until"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> restore_folder(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  const MailboxKey key{account.id, MailboxId(options.number)};
  CO_TRY(const Mailbox mailbox, co_await session.store.recovery().restore_mailbox(key));
  Json record;
  record["name"] = mailbox.name.text();
  record["messages"] = mailbox.status.messages;
  print_done(format,
             fmt::format("{} is back, with {} messages.", mailbox.name.text(), mailbox.status.messages),
             record);
  co_return Result<void>();
}

Task<Result<void>> list_accounts(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const std::vector<DeletedAccount> accounts,
         co_await session.store.recovery().deleted_accounts(options.domain));
  std::vector<Json> rows;
  for (const DeletedAccount& account : accounts) {
    Json& row = rows.emplace_back();
    row["address"] = account.address;
    row["deleted"] = time_text(account.deleted_at);
    row["by"] = account.by;
    row["kept_until"] = time_text(account.kept_until);
    row["messages"] = account.messages;
    row["octets"] = account.octets;
  }
  const std::vector<std::string> columns{"address", "deleted", "by", "kept_until", "messages", "octets"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> restore_account(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  if (account.status != AccountStatus::deleted)
    co_return Error(ErrorKind::stale, "the account is not deleted");
  CO_TRY_VOID(co_await session.store.directory().set_status(account.id, AccountStatus::active));
  Json record;
  record["address"] = account.address;
  record["messages"] = account.quota.messages;
  print_done(format, fmt::format("{} is back, with {} messages.", account.address, account.quota.messages),
             record);
  co_return Result<void>();
}

}  // namespace

void add_recover(CommandLine& line) {
  const auto options = std::make_shared<RecoverOptions>();
  CLI::App& noun = line.noun("recover", "Deleted mail, for as long as it is kept", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  const auto verb_on_address = [&](const char* name, const char* description, Action action) -> CLI::App& {
    CLI::App& made = verb(name, description, action);
    made.add_option("address", options->address, "local@domain")->required();
    return made;
  };
  const auto narrowing = [options, &line](CLI::App& made) {
    made.add_option("--mailbox", options->mailbox, "Removed from this mailbox, or with it");
    add_time_option(made, "--since", options->since, "Removed then or later");
    add_time_option(made, "--before", options->before, "Removed before then");
    line.one_of(*made.add_option("--door", options->door, "How: pop3, imap, mobile_sync, admin, job"),
                {"pop3", "imap", "mobile_sync", "admin", "job"});
    made.add_option("--by", options->by, "Who: a device's id, an administrator, a rule");
    made.add_option("--sender", options->sender, "Part of a sender's name or address");
    made.add_option("--subject", options->subject, "Part of the subject");
  };
  CLI::App& listing = verb_on_address("list", "Removed messages, latest first", list);
  narrowing(listing);
  listing.add_option("--limit", options->limit, "How many at most")->check(CLI::Range(1u, 100'000u));
  listing.add_option("--after", options->after, "Go on where a list ended");
  verb_on_address("show", "The header of one; never its body", show)
      .add_option("id", options->keys, "As `list` shows it")
      ->required()
      ->expected(1);
  CLI::App& restoring = verb_on_address("restore", "Put messages into a mailbox again", restore);
  restoring.add_option("id", options->keys, "As `list` shows them");
  narrowing(restoring);
  restoring.add_flag("--all", options->all, "Everything that is kept");
  restoring.add_option("--to", options->to, "original, dated, or the name of a mailbox");
  verb_on_address("folders", "Removed mailboxes, latest first", list_folders);
  verb_on_address("folder", "Bring a mailbox back as it was", restore_folder)
      .add_option("id", options->number, "As `folders` shows it")
      ->required();
  verb("accounts", "Deleted accounts of a domain", list_accounts)
      .add_option("domain", options->domain, "Domain")
      ->required();
  verb_on_address("account", "Bring a deleted account back whole", restore_account);
}

}  // namespace postern::cli
