#include "protocols/lmtp/session.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/shared/absence_reply.h"
#include "storage/mime/date_time.h"

namespace postern::lmtp {

Session::Session(const Settings& settings, const Services& services, Connection connection)
    : SmtpDialogue(settings, services, std::move(connection),
                   {.greeting = "LMTP",
                    .name = "LMTP",
                    .help = "LHLO MAIL RCPT DATA BDAT RSET NOOP QUIT STARTTLS VRFY",
                    .command_octets_max = kCommandOctetsMax}) {}

std::string_view Session::over_quota_reply() const {
  return settings_.lmtp.over_quota == "permanent" ? kRejectedReply : kDeferredReply;
}

Task<Result<bool>> Session::take(std::string line) {
  CommandOrReply parsed = parse_command(line);
  if (const auto* bad = std::get_if<BadCommand>(&parsed)) {
    reply(bad->reply);
    co_return false;
  }
  auto run_one = [this](auto value) { return handle(std::move(value)); };
  CO_TRY_VOID(co_await std::visit(run_one, std::get<Command>(std::move(parsed))));
  co_return true;
}

void Session::drop_transaction() {
  mail_.reset();
  recipients_.clear();
  sink_.reset();
  octets_ = 0;
  header_.clear();
  refused_.reset();
}

Session::Outcome Session::handle(Lhlo command) {
  client_ = std::move(command.client);
  forget_transaction();
  // Whoever reaches this door is an MTA: its connections are not strangers' any more.
  if (connection_.authenticated) std::exchange(connection_.authenticated, nullptr)();
  reply("250-" + hostname_);
  if (offers_tls()) reply("250-STARTTLS");
  reply("250-PIPELINING");
  reply("250-8BITMIME");
  reply("250-CHUNKING");
  reply("250-SMTPUTF8");
  reply("250-ENHANCEDSTATUSCODES");
  reply("250 SIZE " + std::to_string(settings_.lmtp.message_octets_max));
  co_return Result<void>();
}

Session::Outcome Session::handle(Mail command) {
  if (client_.empty()) {
    reply("503 5.5.1 LHLO comes first");
  } else if (mail_) {
    reply("503 5.5.1 A transaction is open already");
  } else if (command.size.value_or(0) > settings_.lmtp.message_octets_max) {
    reply("552 5.3.4 Message too large");
  } else {
    mail_ = std::move(command);
    reply("250 2.1.0 Ok");
  }
  co_return Result<void>();
}

Session::Outcome Session::handle(Rcpt command) {
  if (!mail_ || in_message()) {
    reply(mail_ ? "503 5.5.1 BDAT has begun" : "503 5.5.1 MAIL comes first");
    co_return Result<void>();
  }
  if (recipients_.size() >= settings_.lmtp.recipients_max) {
    reply("452 4.5.3 Too many recipients");
    co_return Result<void>();
  }
  const std::string address = command.to.address();
  if (!text::is_ascii(address) && !mail_->smtputf8) {
    reply("553 5.6.7 Address needs SMTPUTF8");
    co_return Result<void>();
  }
  auto resolved = co_await services_.store.directory().resolve(address);
  if (!resolved) {
    switch (resolved.error().kind) {
      case ErrorKind::not_found:
      case ErrorKind::invalid: reply("550 5.1.1 No such user"); break;
      case ErrorKind::denied: reply("550 5.2.1 Mailbox disabled"); break;
      default: reply("451 4.3.0 Cannot look up the recipient now"); break;
    }
    co_return Result<void>();
  }
  Accepted accepted;
  accepted.address = address;
  bool all_full = true;
  for (const Recipient& recipient : *resolved) {
    accepted.accounts.push_back(recipient.account);
    if (recipient.absent) accepted.absent.push_back(recipient.account);
    if (recipient.files) accepted.filing.push_back(recipient.account);
    all_full = all_full && recipient.over_quota;
  }
  if (all_full) {
    const AccountId first = accepted.accounts.front();
    const std::string_view full = co_await lmtp::over_quota_reply(services_, first, over_quota_reply());
    reply(full);
    co_return Result<void>();
  }
  recipients_.push_back(std::move(accepted));
  reply("250 2.1.5 Ok");
  co_return Result<void>();
}

std::string_view Session::refuses_message() const {
  if (!mail_) return "503 5.5.1 MAIL comes first";
  return recipients_.empty() ? "554 5.5.1 No valid recipients" : std::string_view();
}

void Session::begin_message() {
  sink_ = services_.store.messages().receive(recipients_.front().accounts.front(), trace_header());
  any_absent_ = std::any_of(recipients_.begin(), recipients_.end(),
                            [](const Accepted& one) { return !one.absent.empty(); });
}

Task<void> Session::take_octets(std::string_view octets) {
  if (refused_) co_return;
  octets_ += octets.size();
  if (octets_ > settings_.lmtp.message_octets_max) {
    refused_.emplace(ErrorKind::too_large, "message");
    co_return;
  }
  const bool wanted = any_absent_ && header_.size() < kAskingHeaderOctetsMax;
  if (wanted) header_ += octets.substr(0, kAskingHeaderOctetsMax - header_.size());
  auto written = co_await sink_->write(octets);
  if (!written) refused_ = std::move(written).error();
}

Task<Received> Session::received() {
  if (refused_) co_return Received(*std::move(refused_));
  auto staged = co_await sink_->finish();
  if (!staged) co_return Received(std::move(staged).error());
  co_return Received(*std::move(staged));
}

Session::Outcome Session::end_message() {
  Received result = co_await received();
  if (!result.message) {
    const Result<Appended> refused(result.message.error());
    for (std::size_t i = 0; i < recipients_.size(); ++i) reply(reply_to(refused, over_quota_reply()));
    co_return Result<void>();
  }
  const StagedMessage message = *std::move(result.message);
  const Delivered delivered = co_await deliver(services_, connection_.id, message, mail_->from.address,
                                               recipients_, over_quota_reply());
  for (const std::string& one : delivered.replies) reply(one);
  services_.log.event(
      Level::info, "lmtp.message",
      {{"session", connection_.id}, {"octets", message.size}, {"recipients", recipients_.size()}});
  co_return co_await answer_absences(delivered);
}

// The MTA has its replies first: what is done here is no part of taking the message.
Session::Outcome Session::answer_absences(const Delivered& delivered) {
  if (delivered.absences.empty()) co_return Result<void>();
  CO_TRY_VOID(co_await io_.flush(output_deadline()));
  for (const AbsenceQuestion& question : delivered.absences) {
    co_await answer_for_absent(services_, settings_, question, mail_->from.address, header_);
  }
  co_return Result<void>();
}

// RFC 5321 §4.4. With several recipients their addresses stay out: the octets are shared, and a Bcc would
// show.
std::string Session::trace_header() const {
  const PeerAddress& peer = io_.stream().peer();
  const mime::DateTime now{std::chrono::floor<std::chrono::seconds>(services_.clock.now()), 0};
  std::string header = "Return-Path: <" + mail_->from.address + ">\r\n";
  const bool alone = recipients_.size() == 1;
  if (alone) header += "Delivered-To: " + recipients_.front().address + "\r\n";
  header += "Received: from " + client_;
  if (!peer.host.empty()) header += " ([" + peer.host + "])";
  header += "\r\n\tby " + hostname_ + " (Postern) with " + (mail_->smtputf8 ? "UTF8LMTP" : "LMTP");
  if (io_.stream().tls() != nullptr) header += 'S';
  header += " id " + std::to_string(connection_.id) + '.' + std::to_string(messages_);
  if (alone) header += "\r\n\tfor <" + recipients_.front().address + '>';
  header += ";\r\n\t" + mime::format_date(now) + "\r\n";
  return header;
}

}  // namespace postern::lmtp
