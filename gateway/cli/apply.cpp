// postern apply, postern account import: many domains, accounts and aliases out of a file. A plan first;
// --dry-run ends there.
#include "gateway/cli/apply.h"

#include <fstream>
#include <iterator>

#include "gateway/cli/apply_steps.h"
#include "gateway/cli/desired_files.h"

namespace postern::cli {

namespace {

constexpr std::size_t kShownMax = 50;

using Reader = Desired (*)(const std::string& text, FileMistakes& mistakes);

Result<std::string> content_of(const std::string& path) {
  std::ifstream file(path == "-" ? "/dev/stdin" : path, std::ios::binary);
  if (!file) return Error(ErrorKind::not_found, path + " cannot be read");
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (text.size() > kDesiredOctetsMax) return Error(ErrorKind::too_large, path + " is larger than 64 MiB");
  return text;
}

Error error_of(const std::string& path, const FileMistakes& mistakes) {
  std::string text;
  for (std::size_t i = 0; i < std::min(mistakes.size(), kShownMax); ++i) {
    text += (i == 0 ? "" : "\n") + path + ":" + std::to_string(mistakes[i].line) + ": " + mistakes[i].text;
  }
  if (mistakes.size() > kShownMax) text += "\n… and " + std::to_string(mistakes.size() - kShownMax) + " more";
  return Error(ErrorKind::invalid, text + "\nnothing was changed");
}

void show(OutputFormat format, const ApplyPlan& plan) {
  std::vector<Json> rows = plan_rows(plan);
  const std::size_t all = rows.size();
  const bool for_people = format == OutputFormat::table;
  if (for_people && all == 0) return print_done(format, "Nothing to do.", Json());
  if (for_people && all > kShownMax) rows.resize(kShownMax);
  print_rows(format, {"action", "object", "change"}, rows);
  if (rows.size() < all) print_done(format, "… and " + std::to_string(all - rows.size()) + " more.", Json());
}

void tell(OutputFormat format, const ApplyPlan& plan, const Applied& applied) {
  Json record;
  record["steps"] = plan.steps();
  record["done"] = applied.done;
  record["failed"] = applied.failures.size();
  record["unchanged"] = plan.unchanged;
  const std::string sentence = std::to_string(applied.done) + " of " + std::to_string(plan.steps()) +
                               " steps done, " + std::to_string(plan.unchanged) +
                               " accounts were so already.";
  print_done(format, sentence, record);
}

Task<Result<void>> bring_about(StoreSession& session, OutputFormat format, const Desired& desired,
                               const BulkOptions& options) {
  CO_TRY(const Present present, co_await read_present(session, desired));
  const ApplyPlan plan = plan_of(desired, present, options.prune ? Prune::yes : Prune::no);
  if (!plan.mistakes.empty()) co_return error_of(options.file, plan.mistakes);
  if (options.dry_run) {
    show(format, plan);
    co_return Result<void>();
  }
  if (format == OutputFormat::table) show(format, plan);
  const Applied applied = co_await apply(session, plan);
  if (plan.steps() > 0 || format != OutputFormat::table) tell(format, plan, applied);
  if (applied.failures.empty()) co_return Result<void>();
  std::string text;
  for (std::size_t i = 0; i < std::min(applied.failures.size(), kShownMax); ++i) {
    text += applied.failures[i].object + ": " + applied.failures[i].error.detail + "\n";
  }
  text += std::to_string(applied.failures.size()) + " steps failed; the same file again does what is left";
  co_return Error(applied.failures.front().error.kind, std::move(text));
}

ExitCode run(const CommonOptions& common, const BulkOptions& options, Reader read) {
  const auto text = content_of(options.file);
  if (!text) {
    print_error(common.output, text.error());
    return ExitCode::failed;
  }
  FileMistakes mistakes;
  const Desired desired = read(*text, mistakes);
  if (!mistakes.empty()) {
    print_error(common.output, error_of(options.file, mistakes));
    return ExitCode::failed;
  }
  return with_store(
      common, [&](StoreSession& session) { return bring_about(session, common.output, desired, options); });
}

}  // namespace

void add_bulk_verb(CommandLine& line, CLI::App& accounts) {
  const auto options = std::make_shared<BulkOptions>();
  CLI::App& command =
      line.verb(accounts, "import", "Make and change accounts as a CSV file says",
                [options](const CommonOptions& common) { return run(common, *options, read_desired_csv); });
  std::string columns;
  for (const std::string& field : account_fields()) columns += (columns.empty() ? "" : ", ") + field;
  command
      .add_option("file", options->file,
                  "CSV with a line of column names (" + columns + "); -: standard input")
      ->required()
      ->type_name("FILE");
  command.add_flag("--dry-run", options->dry_run, "Only show what would be done");
}

void add_apply(CommandLine& line) {
  const auto options = std::make_shared<BulkOptions>();
  CLI::App& command = line.command(
      "apply", "Make domains, accounts and aliases what a YAML file says",
      [options](const CommonOptions& common) { return run(common, *options, read_desired_yaml); });
  command.add_option("-f,--file", options->file, "YAML; -: standard input")->required()->type_name("FILE");
  command.add_flag("--dry-run", options->dry_run, "Only show what would be done");
  command.add_flag("--prune", options->prune,
                   "Delete, recoverably, what the domains of the file have and it does not name");
  command.footer(R"(
What a file does not say is left as it is, but a deleted account in it comes back; the same file again
changes nothing.
Passwords are for accounts that are made: nobody's password is changed.

  domains:
    - {domain: example.org, plan: standard, catch_all: joe@example.org}
  accounts:
    - address: joe@example.org
      password_hash: $y$j9T$…              or password, in clear
      name: Joe Bloggs
      quota: 5G
      features: {mobile_sync: true, pop3: inherit}
  aliases:
    - {alias: sales@example.org, targets: [joe@example.org]}

Examples:
  postern apply -f accounts.yaml --dry-run
  generate-accounts | postern apply -f - --output json
)");
}

}  // namespace postern::cli
