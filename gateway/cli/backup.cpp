// postern backup: evenings in the repository, and mail as it stood on one of them.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/async/worker.h"
#include "gateway/cli/command_line.h"
#include "gateway/cli/time_option.h"
#include "gateway/cli/with_store.h"
#include "storage/backup/backup_rounds.h"
#include "storage/backup/restore.h"

namespace postern::cli {

namespace {

constexpr const char* kExamples =
    R"(  postern backup run                                            now, whatever the hour
  postern backup list
  postern backup verify --evening 2025-01-30                    reads all it refers to
  postern backup restore joe@example.org --evening 2025-01-30 --to dated
  postern backup restore joe@example.org --evening 2025-01-30 --mailbox Sent --uid 4711
  postern backup restore joe@example.org --evening 2025-01-30 --into jane@example.org
  postern backup restore joe@example.org --evening 2025-01-30 --exact   into a new account: clients notice nothing
  postern backup restore-all --evening 2025-01-30               everybody, into an empty database
  postern backup adopt                                         after that: evenings go on into the same repository
The repository is backup.directory or backup.s3 of the settings; docs/backup.md says how to read it without Postern.
)";

struct BackupOptions {
  std::string address;
  std::string into;
  std::string evening;
  std::string mailbox;
  std::optional<std::uint32_t> uid;
  std::string to = "original";
  bool exact = false;
};
using Options = const BackupOptions&;

// Blocking.
Task<Result<backup::Repository>> repository_of(StoreSession& session) {
  auto find = [&session] { return backup::Repository::of(session.settings.backup); };
  co_return co_await in_worker(session.loop, find);
}

Json json_of(const backup::Evening& evening) {
  std::uint64_t messages = 0, octets = 0;
  for (const backup::EveningAccount& account : evening.accounts) {
    messages += account.messages;
    octets += account.octets;
  }
  Json record;
  record["evening"] = evening.date;
  record["begun"] = time_text(evening.begun_at);
  record["ended"] = time_text(evening.ended_at);
  record["accounts"] = evening.accounts.size();
  record["messages"] = messages;
  record["octets"] = octets;
  record["new_messages"] = evening.new_messages;
  record["new_octets"] = evening.new_octets;
  record["failed"] = evening.failed;
  record["missed"] = evening.missed;
  return record;
}

Task<Result<void>> run(StoreSession& session, OutputFormat format, Options) {
  const Clock clock;
  auto stopping = [] { return false; };
  CO_TRY(
      const std::optional<backup::Evening> evening,
      co_await backup::back_up(session.loop, session.store, session.settings.backup, clock, true, stopping));
  if (!evening) co_return Error(ErrorKind::stale, "another process backs up just now");
  print_record(format, json_of(*evening));
  if (!evening->failed.empty()) co_return Error(ErrorKind::internal, "some accounts could not be read");
  co_return Result<void>();
}

Task<Result<void>> list(StoreSession& session, OutputFormat format, Options) {
  CO_TRY(const backup::Repository repository, co_await repository_of(session));
  std::vector<Json> rows;
  auto read = [&repository]() -> Result<std::vector<backup::Evening>> {
    std::vector<backup::Evening> evenings;
    TRY(const std::vector<std::string> dates, repository.evenings());
    for (const std::string& date : dates) {
      TRY(backup::Evening evening, repository.evening(date));
      evenings.push_back(std::move(evening));
    }
    return evenings;
  };
  CO_TRY(const std::vector<backup::Evening> evenings, co_await in_worker(session.loop, read));
  for (const backup::Evening& evening : evenings) {
    Json row = json_of(evening);
    if (format == OutputFormat::table) {
      row["size"] = octets_text(row["octets"].get<std::uint64_t>());
      row["new"] = octets_text(evening.new_octets);
    }
    rows.push_back(std::move(row));
  }
  const std::vector<std::string> columns{"evening",      "accounts", "messages", "size",
                                         "new_messages", "new",      "failed",   "missed"};
  print_rows(format, columns, rows);
  co_return Result<void>();
}

Task<Result<void>> verify(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const backup::Repository repository, co_await repository_of(session));
  std::optional<std::string> date;
  if (!options.evening.empty()) date = options.evening;
  auto check = [&repository, date] { return backup::verify(repository, date); };
  CO_TRY(const backup::Verified verified, co_await in_worker(session.loop, check));
  Json record;
  record["evenings"] = verified.evenings;
  record["packs"] = verified.packs;
  record["messages"] = verified.messages;
  record["broken"] = verified.broken;
  std::string text = fmt::format("{} evenings, {} packs, {} messages; {} broken.", verified.evenings,
                                 verified.packs, verified.messages, verified.broken.size());
  for (const std::string& one : verified.broken) text += "\n  " + one;
  print_done(format, text, record);
  CO_TRY_VOID(co_await session.store.evenings().note_verified(date, verified.broken.size()));
  if (!verified.broken.empty()) co_return Error(ErrorKind::internal, "the repository is damaged");
  co_return Result<void>();
}

void tell_progress(const backup::RestoreReport& report) {
  if (isatty(STDERR_FILENO) != 0)
    std::fprintf(stderr, "\r%llu restored", static_cast<unsigned long long>(report.messages));
}

Task<Result<void>> restore(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(backup::Repository repository, co_await repository_of(session));
  const std::string into = options.into.empty() ? options.address : options.into;
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(into));
  CO_TRY(const Address address, parse_address(options.address));
  backup::RestoreRequest request;
  request.date = options.evening;
  request.address = address.text();
  request.into = account.id;
  request.dated = options.to == "dated";
  request.exact = options.exact;
  if (!options.mailbox.empty()) {
    CO_TRY(request.mailbox, MailboxName::parse(options.mailbox));
  }
  if (options.uid) request.uid = Uid(*options.uid);
  backup::RestoreReport report;
  const auto done = co_await backup::restore(session.loop, session.store, repository, std::move(request),
                                             report, tell_progress);
  if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
  Json record;
  record["mailboxes"] = report.mailboxes;
  record["messages"] = report.messages;
  record["duplicates"] = report.duplicates;
  record["broken"] = report.broken;
  std::string text = fmt::format("{} messages of {} mailboxes restored; {} were there, {} are broken.",
                                 report.messages, report.mailboxes, report.duplicates, report.broken.size());
  for (const std::string& one : report.broken) text += "\n  " + one;
  print_done(format, text, record);
  co_return done;
}

Task<Result<void>> restore_all(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(backup::Repository repository, co_await repository_of(session));
  backup::InstallationReport report;
  auto progress = [](const backup::InstallationReport& so_far) { tell_progress(so_far.mail); };
  const auto done = co_await backup::restore_installation(session.loop, session.store, repository,
                                                          options.evening, report, std::move(progress));
  if (isatty(STDERR_FILENO) != 0) std::fputc('\n', stderr);
  std::vector<std::string> refused = report.people.refused;
  refused.insert(refused.end(), report.refused.begin(), report.refused.end());
  Json record;
  record["domains"] = report.people.domains;
  record["accounts_made"] = report.people.accounts;
  record["aliases"] = report.people.aliases;
  record["accounts"] = report.accounts;
  record["mailboxes"] = report.mail.mailboxes;
  record["messages"] = report.mail.messages;
  record["duplicates"] = report.mail.duplicates;
  record["broken"] = report.mail.broken;
  record["refused"] = refused;
  std::string text = fmt::format(
      "{} messages of {} accounts restored; {} were there, {} are broken, {} refused.", report.mail.messages,
      report.accounts, report.mail.duplicates, report.mail.broken.size(), refused.size());
  for (const auto* reasons : {&report.mail.broken, &refused}) {
    for (const std::string& one : *reasons) text += "\n  " + one;
  }
  print_done(format, text, record);
  if (done && !refused.empty()) co_return Error(ErrorKind::stale, "not everything could be restored");
  co_return done;
}

Task<Result<void>> adopt(StoreSession& session, OutputFormat format, Options) {
  CO_TRY(backup::Repository repository, co_await repository_of(session));
  CO_TRY(const Lineage lineage, co_await session.store.lineage());
  auto take = [&repository, &lineage] { return repository.adopt(lineage); };
  CO_TRY_VOID(co_await in_worker(session.loop, take));
  Json record;
  record["store"] = lineage.store;
  print_done(format, "The repository belongs to this installation now.", record);
  co_return Result<void>();
}

}  // namespace

void add_backup(CommandLine& line) {
  const auto options = std::make_shared<BackupOptions>();
  CLI::App& noun = line.noun("backup", "Evenings in the repository", kExamples);
  using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options);
  const auto verb = [&](const char* name, const char* description, Action action) -> CLI::App& {
    return line.verb(noun, name, description, [options, action](const CommonOptions& common) {
      return with_store(common,
                        [&](StoreSession& session) { return action(session, common.output, *options); });
    });
  };
  verb("run", "Back up now; a second run of a day stands for the first", run);
  verb("list", "The evenings that are kept", list);
  verb("verify", "Read all that evenings refer to, and check it", verify)
      .add_option("--evening", options->evening, "This one only, e.g. 2025-01-31");
  CLI::App& restoring = verb("restore", "Bring an account, a mailbox or a message back", restore);
  restoring.add_option("address", options->address, "Whose mail, as the account was called then")->required();
  restoring.add_option("--evening", options->evening, "As it stood then, e.g. 2025-01-31")->required();
  auto* mailbox = restoring.add_option("--mailbox", options->mailbox, "This mailbox only");
  restoring.add_option("--uid", options->uid, "This message of it only")->needs(mailbox);
  restoring.add_option("--into", options->into, "Into another account");
  auto* to = restoring.add_option("--to", options->to, "original, or dated: below \"Restored\" and the date");
  line.one_of(*to, {"original", "dated"});
  CLI::App& everybody = verb("restore-all", "Bring everybody and all their mail back, exactly", restore_all);
  everybody.add_option("--evening", options->evening, "As it stood then, e.g. 2025-01-31")->required();
  verb("adopt", "From now on write to a repository that another installation began", adopt);
  restoring.add_flag("--exact", options->exact, "With UIDs and UIDVALIDITY, into mailboxes never used")
      ->excludes(to);
}

}  // namespace postern::cli
