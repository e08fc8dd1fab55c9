#include "protocols/submission/session.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::submission {

namespace {

std::string reply_to(const SubmissionOutcome& outcome) {
  if (outcome.queued) return "250 2.0.0 Queued as " + std::to_string(raw(outcome.queued->id));
  switch (outcome.refusal) {
    case SubmissionRefusal::malformed: return "550 5.6.0 Not taken: " + outcome.reason;
    case SubmissionRefusal::not_theirs: return "550 5.7.1 From and Sender must be addresses of this account";
    case SubmissionRefusal::no_recipients: return "554 5.5.1 No recipients";
    case SubmissionRefusal::bad_recipient: return "553 5.1.3 A recipient is no address";
    case SubmissionRefusal::too_large: return "552 5.3.4 Message too large";
    case SubmissionRefusal::share_used_up: return "450 4.7.1 Too much mail for now, try again later";
    case SubmissionRefusal::no_room: return "452 4.2.2 Mailbox full";
    case SubmissionRefusal::unavailable: return "451 4.3.0 Cannot store the message now";
  }
  return "451 4.3.0 Cannot store the message now";
}

}  // namespace

Session::Session(const Settings& settings, const Services& services, Connection connection)
    : SmtpDialogue(settings, services, std::move(connection),
                   {.greeting = "ESMTP",
                    .name = "SMTP",
                    .help = "EHLO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY",
                    .command_octets_max = kCommandOctetsMax}),
      sign_in_deadline_(Deadline::after(std::chrono::seconds(settings.limits.unauthenticated_life_s))) {}

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
  message_.reset();
}

void Session::forget_client() {
  client_.clear();
  extended_ = false;
  account_.reset();
}

Session::Outcome Session::handle(Ehlo command) {
  client_ = std::move(command.client);
  extended_ = command.extended;
  forget_transaction();
  if (!extended_) {
    reply("250 " + hostname_);
    co_return Result<void>();
  }
  const TlsInfo* tls = io_.stream().tls();
  reply("250-" + hostname_);
  if (offers_tls()) reply("250-STARTTLS");
  if (may_sign_in()) {
    std::string mechanisms = "250-AUTH";
    for (const std::string_view name : sasl_mechanisms(services_.login, login_context(), tls)) {
      mechanisms += ' ';
      mechanisms += name;
    }
    reply(mechanisms);
  }
  for (const char* line : {"250-PIPELINING", "250-8BITMIME", "250-CHUNKING", "250-SMTPUTF8",
                           "250-ENHANCEDSTATUSCODES", "250-DSN"}) {
    reply(line);
  }
  reply("250 SIZE " + std::to_string(settings_.submission.message_octets_max));
  co_return Result<void>();
}

Session::Outcome Session::handle(Mail command) {
  if (!account_) {
    reply("530 5.7.0 Sign in first");
  } else if (mail_) {
    reply("503 5.5.1 A transaction is open already");
  } else if (command.size.value_or(0) > settings_.submission.message_octets_max) {
    reply("552 5.3.4 Message too large");
  } else {
    CO_TRY(const bool refused, co_await refuses_sender(command.from.address));
    if (refused) co_return Result<void>();
    mail_ = std::move(command);
    reply("250 2.1.0 Ok");
  }
  co_return Result<void>();
}

// Sessions live long: whether the account may send, and as whom, is asked for every message.
Task<Result<bool>> Session::refuses_sender(std::string address) {
  Directory& directory = services_.store.directory();
  auto account = co_await directory.account(account_->id);
  if (account && account->status == AccountStatus::active && account->allows(Feature::submission)) {
    account_ = *std::move(account);
    // Receipts and other automatic answers have no sender (RFC 3798 §3).
    if (address.empty()) co_return false;
    auto owned = co_await owns_address(directory, *account_, std::move(address));
    if (!owned) reply("451 4.3.0 Cannot look up the sender now");
    if (owned && !*owned) reply("550 5.7.1 The sender is no address of this account");
    co_return !owned || !*owned;
  }
  const bool away = !account && account.error().kind != ErrorKind::not_found;
  reply(away ? "451 4.3.0 Cannot look up the account now"
             : "550 5.7.13 Sending is switched off for this account");
  co_return true;
}

Session::Outcome Session::handle(Rcpt command) {
  if (!mail_ || in_message()) {
    reply(mail_ ? "503 5.5.1 BDAT has begun" : "503 5.5.1 MAIL comes first");
    co_return Result<void>();
  }
  OutboxRecipient recipient = std::move(command.options);
  const std::string own_domain = account_->address.substr(account_->address.rfind('@') + 1);
  if (command.to.domain.empty()) command.to.domain = own_domain;  // <postmaster>
  recipient.address = command.to.address();
  const bool known = std::any_of(recipients_.begin(), recipients_.end(), [&](const OutboxRecipient& other) {
    return other.address == recipient.address;
  });
  if (!text::is_utf8(recipient.address) || (!text::is_ascii(recipient.address) && !mail_->smtputf8)) {
    reply("553 5.6.7 Address needs SMTPUTF8");
  } else if (!known && recipients_.size() >= settings_.submission.recipients_max) {
    reply("452 4.5.3 Too many recipients");
  } else {
    if (!known) recipients_.push_back(std::move(recipient));
    reply("250 2.1.5 Ok");
  }
  co_return Result<void>();
}

SubmissionRequest Session::request() {
  const ByteStream& stream = io_.stream();
  SubmissionRequest request;
  request.account = *account_;
  request.reverse_path = std::move(mail_->from.address);
  request.recipients = std::move(recipients_);
  request.envelope_id = std::move(mail_->envelope_id);
  request.return_content = mail_->return_content;
  request.smtputf8 = mail_->smtputf8;
  if (settings_.submission.show_client_address) {
    request.received_from = client_;
    if (!stream.peer().host.empty()) request.received_from += " ([" + stream.peer().host + "])";
  }
  // RFC 3848, RFC 6531 §4.3
  request.received_with = mail_->smtputf8 ? "UTF8SMTP" : "ESMTP";
  if (stream.tls() != nullptr) request.received_with += 'S';
  request.received_with += "A id " + std::to_string(connection_.id) + '.' + std::to_string(messages_);
  return request;
}

std::string_view Session::refuses_message() const {
  if (!mail_) return "503 5.5.1 MAIL comes first";
  return recipients_.empty() ? "554 5.5.1 No valid recipients" : std::string_view();
}

void Session::begin_message() {
  message_recipients_ = recipients_.size();
  message_.emplace(services_, settings_, request());
}

Session::Outcome Session::end_message() {
  const SubmissionOutcome outcome = co_await message_->finish();
  reply(reply_to(outcome));
  const Level level = outcome.queued ? Level::info : Level::warning;
  services_.log.event(level, "submission.message",
                      {{"session", connection_.id},
                       {"account", raw(account_->id)},
                       {"message", outcome.queued ? raw(outcome.queued->id) : 0},
                       {"recipients", message_recipients_},
                       {"duplicate", outcome.queued && outcome.queued->duplicate},
                       {"reason", outcome.reason}});
  co_return Result<void>();
}

}  // namespace postern::submission
