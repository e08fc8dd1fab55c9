#include "gateway/cli/import_imap.h"

#include <fmt/format.h>

#include "config/secret_file.h"
#include "gateway/async/together.h"
#include "gateway/cli/import_report.h"
#include "gateway/cli/with_store.h"
#include "protocols/imap_client/imap_source.h"

namespace postern::cli {

namespace {

using exchange::ImportReport;

struct ImapOptions {
  std::string address;
  std::string host;
  std::uint16_t port = 0;
  std::string tls = "implicit";
  std::string ca_file;
  std::string user;
  std::string password_file;
  std::string master_user;
  std::string below;
  std::string uidls = "ours";
  bool keep_uids = false;
  unsigned connections = 2;
  std::uint64_t message_octets_max = imap_client::ImapSourceOptions().message_octets_max;
};
using Options = const ImapOptions&;

Result<imap_client::RemoteAccount> remote_of(Options options) {
  imap_client::RemoteAccount remote;
  remote.host = options.host;
  remote.encryption = options.tls == "implicit"   ? imap_client::Encryption::implicit
                      : options.tls == "starttls" ? imap_client::Encryption::starttls
                                                  : imap_client::Encryption::none;
  const std::uint16_t usual = remote.encryption == imap_client::Encryption::implicit ? 993 : 143;
  remote.port = options.port != 0 ? options.port : usual;
  remote.ca_file = options.ca_file;
  remote.user = options.user.empty() ? options.address : options.user;
  remote.master_user = options.master_user;
  auto password = read_secret(options.password_file);
  if (!password) return Error(password.error().kind, options.password_file + " " + password.error().detail);
  remote.password = *std::move(password);
  return remote;
}

// Folders with a role there become the mailboxes that have it here.
Task<Result<std::map<SpecialUse, MailboxName>>> roles_of(StoreSession& session, AccountId account) {
  std::map<SpecialUse, MailboxName> roles;
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await session.store.mailboxes().list(account));
  for (const Mailbox& mailbox : mailboxes) {
    if (mailbox.special_use != SpecialUse::none) roles.emplace(mailbox.special_use, mailbox.name);
  }
  co_return roles;
}

// One connection's share of the folders.
struct Share {
  Share(imap_client::RemoteAccount remote, imap_client::ImapSourceOptions options)
      : source(std::move(remote), std::move(options)) {}
  imap_client::ImapSource source;
  ImportReport report;
};
using Shares = std::vector<std::unique_ptr<Share>>;

ImportReport sum_of(const Shares& shares) {
  ImportReport sum;
  for (const auto& share : shares) {
    const ImportReport& one = share->report;
    sum.folders += one.folders;
    sum.messages += one.messages;
    sum.octets += one.octets;
    sum.known += one.known;
    sum.skipped += one.skipped;
    sum.expected += one.expected;
    sum.reasons.insert(sum.reasons.end(), one.reasons.begin(), one.reasons.end());
  }
  if (sum.expected > 0) {
    const std::uint64_t done = std::min(sum.expected, sum.messages + sum.known);
    sum.mailbox = fmt::format("{} %, {} of {}", done * 100 / sum.expected, done, sum.expected);
  }
  return sum;
}

Task<Result<void>> run(StoreSession& session, OutputFormat format, Options options) {
  CO_TRY(const AccountRecord account, co_await session.store.directory().find_account(options.address));
  CO_TRY(const imap_client::RemoteAccount remote, remote_of(options));
  imap_client::ImapSourceOptions how;
  how.message_octets_max = options.message_octets_max;
  how.keep_uids = options.keep_uids;
  how.shares = options.connections;
  const bool in_place = options.below.empty();
  if (in_place) {
    CO_TRY(how.roles, co_await roles_of(session, account.id));
  }
  exchange::ImportRequest request;
  request.account = account.id;
  request.source = fmt::format("imap://{}@{}", remote.user, remote.host);
  request.uidls = exchange::uidl_format_from(options.uidls).value();
  if (!in_place) {
    CO_TRY(request.below, MailboxName::parse(options.below));
  }
  Shares shares;
  for (; how.share < how.shares; ++how.share) shares.push_back(std::make_unique<Share>(remote, how));
  std::vector<Task<Result<void>>> imports;
  for (const auto& share : shares) {
    auto progress = [&shares](const ImportReport&) { return tell_progress(sum_of(shares)); };
    imports.push_back(exchange::import_mail(session.loop, session.store.messages(), session.store.intake(),
                                            share->source, request, share->report, std::move(progress)));
  }
  const std::vector<Result<void>> done = co_await together(session.loop, std::move(imports));
  print_import(format, sum_of(shares));
  for (const Result<void>& one : done) {
    if (!one) co_return one.error();
  }
  co_return Result<void>();
}

}  // namespace

void add_import_imap(CommandLine& line, CLI::App& noun) {
  const auto options = std::make_shared<ImapOptions>();
  CLI::App& imap =
      line.verb(noun, "imap", "An account on another IMAP server", [options](const CommonOptions& common) {
        return with_store(common,
                          [&](StoreSession& session) { return run(session, common.output, *options); });
      });
  imap.add_option("address", options->address, "local@domain, here")->required();
  imap.add_option("--host", options->host, "The server")->required();
  imap.add_option("--port", options->port, "993, or 143 without implicit TLS");
  line.one_of(*imap.add_option("--tls", options->tls, "implicit, starttls, or none: in clear"),
              {"implicit", "starttls", "none"});
  imap.add_option("--ca-file", options->ca_file, "Whom to believe, as PEM; else the system's authorities");
  imap.add_option("--user", options->user, "Its name there; else the address");
  imap.add_option("--password-file", options->password_file, "A file that holds its password")->required();
  imap.add_option("--master-user", options->master_user,
                  "Whose password that is, if he may act for the user");
  imap.add_option("--below", options->below, "Put all its folders below this mailbox");
  imap.add_flag("--keep-uids", options->keep_uids,
                "UIDs and UIDVALIDITY as there, into mailboxes never used");
  line.one_of(*imap.add_option("--uidls", options->uidls,
                               "POP3's UIDLs as that server makes them: ours, dovecot, cyrus, courier"),
              {"ours", "dovecot", "cyrus", "courier"});
  imap.add_option("--connections", options->connections, "At a time, 1 to 4")->check(CLI::Range(1, 4));
  imap.add_option("--message-max", options->message_octets_max, "Octets of a message, e.g. 50M")
      ->transform(CLI::AsSizeValue(false).description(""));
}

}  // namespace postern::cli
