// postern import, postern export: mail in files, into an account and out of it.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/cli/command_line.h"
#include "gateway/cli/import_imap.h"
#include "gateway/cli/import_report.h"
#include "gateway/cli/with_store.h"
#include "storage/exchange/export.h"
#include "storage/exchange/import.h"

namespace postern::cli {

namespace {

using namespace exchange;

constexpr const char* kImportExamples =
    R"(  postern import maildir joe@example.org /var/mail/joe/Maildir
  postern import maildir joe@example.org ./Maildir --keep-uids --uidls dovecot   clients notice nothing
  postern import mbox joe@example.org ./archive --dialect mboxrd --below Archive
  postern import eml joe@example.org ./letters
  postern import imap joe@example.org --host mail.example.net --user joe --password-file ./joe.password
What was brought before is known for days, so an import may be broken off, and run again.
)";

constexpr const char* kExportExamples =
    R"(  postern export maildir joe@example.org ./joe
  postern export mbox joe@example.org ./joe --mailbox Sent --dialect mboxo
  postern export eml joe@example.org ./joe
)";

struct MovingOptions {
  std::string address;
  std::string path;
  std::string below;
  std::string mailbox;
  std::string dialect = "mboxrd";
  std::string uidls = "ours";
  bool keep_uids = false;
  std::uint64_t message_octets_max = SourceLimits().message_octets_max;
};
using Options = const MovingOptions&;

std::unique_ptr<MailSource> source_of(ArchiveKind kind, Options options) {
  SourceLimits limits;
  limits.message_octets_max = options.message_octets_max;
  limits.keep_uids = options.keep_uids;
  switch (kind) {
    case ArchiveKind::maildir: return maildir_source(options.path, limits);
    case ArchiveKind::mbox:
      return mbox_source(options.path, mailfiles::mbox_dialect_from(options.dialect).value(), limits);
    case ArchiveKind::eml: return eml_source(options.path, limits);
  }
  return nullptr;
}

Task<Result<void>> run_import(StoreSession& session, OutputFormat format, Options options, ArchiveKind kind) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  ImportRequest request;
  request.account = account.id;
  request.source = options.path;
  request.uidls = uidl_format_from(options.uidls).value();
  if (!options.below.empty()) {
    CO_TRY(request.below, MailboxName::parse(options.below));
  }
  const std::unique_ptr<MailSource> source = source_of(kind, options);
  ImportReport report;
  const auto done = co_await import_mail(session.loop, session.store.messages(), session.store.intake(),
                                         *source, std::move(request), report, tell_progress<ImportReport>);
  print_import(format, report);
  co_return done;
}

Task<Result<void>> run_export(StoreSession& session, OutputFormat format, Options options, ArchiveKind kind) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  ExportRequest request;
  request.account = account.id;
  request.path = options.path;
  request.kind = kind;
  request.dialect = mailfiles::mbox_dialect_from(options.dialect).value();
  if (!options.mailbox.empty()) {
    CO_TRY(request.mailbox, MailboxName::parse(options.mailbox));
  }
  ExportReport report;
  const auto done = co_await export_mail(session.loop, session.store.mailboxes(), session.store.messages(),
                                         std::move(request), report, tell_progress<ExportReport>);
  end_progress();
  Json record;
  record["mailboxes"] = report.mailboxes;
  record["messages"] = report.messages;
  record["octets"] = report.octets;
  record["there"] = report.there;
  record["skipped"] = report.skipped;
  record["reasons"] = report.reasons;
  std::string text = fmt::format(
      "{} messages ({}) of {} mailboxes; {} were there already, {} are gone meanwhile.", report.messages,
      octets_text(report.octets), report.mailboxes, report.there, report.skipped);
  for (const std::string& reason : report.reasons) text += "\n  " + reason;
  print_done(format, text, record);
  co_return done;
}

using Action = Task<Result<void>> (*)(StoreSession&, OutputFormat, Options, ArchiveKind);

CLI::App& add_verb(CommandLine& line, CLI::App& noun, const std::shared_ptr<MovingOptions>& options,
                   const char* name, const char* description, Action action) {
  const ArchiveKind kind = archive_kind_from(name).value();
  CLI::App& made = line.verb(noun, name, description, [options, action, kind](const CommonOptions& common) {
    return with_store(common,
                      [&](StoreSession& session) { return action(session, common.output, *options, kind); });
  });
  made.add_option("address", options->address, "local@domain")->required();
  made.add_option("path", options->path, "File or directory")->required();
  if (kind == ArchiveKind::mbox) {
    line.one_of(*made.add_option("--dialect", options->dialect, "mboxo, mboxrd, mboxcl or mboxcl2"),
                {"mboxo", "mboxrd", "mboxcl", "mboxcl2"});
  }
  return made;
}

}  // namespace

void add_import(CommandLine& line) {
  const auto options = std::make_shared<MovingOptions>();
  CLI::App& noun = line.noun("import", "Mail in files, into an account", kImportExamples);
  CLI::App& maildir = add_verb(line, noun, options, "maildir",
                               "A Maildir, with folders as Maildir++ or below it", run_import);
  maildir.add_flag("--keep-uids", options->keep_uids,
                   "UIDs, UIDVALIDITY and POP3's UIDLs as Dovecot's or Courier's lists have them");
  line.one_of(*maildir.add_option("--uidls", options->uidls,
                                  "POP3's UIDLs as that server made them: ours, dovecot, cyrus, courier"),
              {"ours", "dovecot", "cyrus", "courier"});
  CLI::App& mbox = add_verb(line, noun, options, "mbox", "An mbox file, or a directory of them", run_import);
  CLI::App& eml = add_verb(line, noun, options, "eml", "A tree of .eml files", run_import);
  for (CLI::App* one : {&maildir, &mbox, &eml}) {
    one->add_option("--below", options->below, "Put all its mailboxes below this one");
    one->add_option("--message-max", options->message_octets_max, "Octets of a message, e.g. 50M")
        ->transform(CLI::AsSizeValue(false).description(""));
  }
  add_import_imap(line, noun);
}

void add_export(CommandLine& line) {
  const auto options = std::make_shared<MovingOptions>();
  CLI::App& noun = line.noun("export", "An account's mail as files", kExportExamples);
  for (const auto& [name, description] :
       {std::pair("maildir", "A Maildir++, with UIDs as Dovecot keeps them"),
        std::pair("mbox", "A file for each mailbox"), std::pair("eml", "A file for each message")}) {
    add_verb(line, noun, options, name, description, run_export)
        .add_option("--mailbox", options->mailbox, "This one only");
  }
}

}  // namespace postern::cli
