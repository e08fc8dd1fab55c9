#include "protocols/shared/submission.h"

#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"
#include "protocols/shared/host_name.h"
#include "protocols/shared/smtp_path.h"
#include "storage/mime/date_time.h"

namespace postern {

namespace {

constexpr std::string_view kHeaderEnd = "\r\n\r\n";

// Quoted where it must be, it is a path of RFC 5321 §4.1.2.
bool is_path(std::string_view address) {
  const std::string path = path_text(address);
  const auto parsed = parse_path(path);
  return parsed && parsed->octets == path.size() && !parsed->path.domain.empty();
}

// Fields that cannot run into each other.
void add_field(std::string& to, std::string_view field) {
  to += std::to_string(field.size());
  to += ':';
  to += field;
}

}  // namespace

Task<Result<bool>> owns_address(Directory& directory, const AccountRecord& account, std::string address) {
  if (text::same(address, account.address)) co_return true;
  auto reached = co_await directory.resolve(std::move(address));
  if (!reached) {
    const ErrorKind kind = reached.error().kind;
    const bool is_no =
        kind == ErrorKind::not_found || kind == ErrorKind::denied || kind == ErrorKind::invalid;
    if (is_no) co_return false;
    co_return reached.error();
  }
  co_return std::any_of(reached->begin(), reached->end(),
                        [&account](const Recipient& to) { return to.account == account.id; });
}

Submission::Submission(const Services& services, const Settings& settings, SubmissionRequest request)
    : services_(services), settings_(settings), request_(std::move(request)) {}

void Submission::refuse(SubmissionRefusal why, std::string reason) {
  if (!refusal_) refusal_.emplace(why, std::move(reason));
}

void Submission::refuse(const Error& error) {
  switch (error.kind) {
    case ErrorKind::over_quota: return refuse(SubmissionRefusal::no_room, error.detail);
    case ErrorKind::denied: return refuse(SubmissionRefusal::share_used_up, error.detail);
    case ErrorKind::invalid: return refuse(SubmissionRefusal::malformed, "the envelope cannot be stored");
    case ErrorKind::too_large:
    case ErrorKind::not_found:
    case ErrorKind::already_exists:
    case ErrorKind::stale:
    case ErrorKind::timed_out:
    case ErrorKind::closed:
    case ErrorKind::unavailable:
    case ErrorKind::internal: return refuse(SubmissionRefusal::unavailable, error.detail);
  }
}

Task<void> Submission::write(std::string_view octets) {
  if (refused()) co_return;
  lines_.feed(octets, held_);
  if (lines_.has_nul()) refuse(SubmissionRefusal::malformed, "the message holds NUL");
  if (lines_.has_bare_ends() && !request_.repair_line_ends) {
    refuse(SubmissionRefusal::malformed, "lines must end in CR LF");
  }
  const std::uint64_t before = sink_ ? sink_->size() : 0;
  if (before + held_.size() > settings_.submission.message_octets_max) refuse(SubmissionRefusal::too_large);
  co_await take_lines();
}

Task<void> Submission::take_lines() {
  if (!sink_ && !refused()) {
    const std::size_t end = held_.starts_with("\r\n") ? 0 : held_.find(kHeaderEnd, searched_);
    searched_ = held_.size() - std::min(held_.size(), kHeaderEnd.size() - 1);
    if (std::min(end, held_.size()) > mime::kOutgoingHeaderOctetsMax) {
      refuse(SubmissionRefusal::malformed, "the header is too large");
    }
    if (end == std::string::npos) co_return;
    const std::size_t octets = end == 0 ? 2 : end + kHeaderEnd.size();
    std::string block = held_.substr(0, octets);
    held_.erase(0, octets);
    if (!refused()) co_await begin(std::move(block));
  }
  if (refused()) co_return;
  const std::string body = std::exchange(held_, std::string());
  auto written = co_await sink_->write(body);
  if (!written) refuse(written.error());
}

Task<void> Submission::begin(std::string block) {
  auto header = mime::read_outgoing_header(block);
  if (!header) co_return refuse(SubmissionRefusal::malformed, header.error().detail);
  header_ = *std::move(header);
  if (settings_.submission.check_from) co_await check_originators();
  if (request_.recipients.empty()) take_recipients();
  if (request_.recipients.empty()) refuse(SubmissionRefusal::no_recipients);
  if (request_.recipients.size() > settings_.submission.recipients_max) refuse(SubmissionRefusal::too_large);
  if (refused()) co_return;
  sink_ = services_.store.messages().receive(request_.account.id, front());
  auto written = co_await sink_->write(header_.kept);
  if (!written) refuse(written.error());
}

Task<void> Submission::check_originators() {
  for (const std::string& address : header_.originators) {
    auto owned = co_await owns_address(services_.store.directory(), request_.account, address);
    if (!owned) co_return refuse(owned.error());
    if (!*owned) co_return refuse(SubmissionRefusal::not_theirs, "an originator");
  }
  const bool takes_path = request_.reverse_path_from_header && !header_.originators.empty();
  if (takes_path) request_.reverse_path = header_.originators.front();
}

void Submission::take_recipients() {
  for (std::string& address : header_.recipients) {
    if (!is_path(address)) return refuse(SubmissionRefusal::bad_recipient, "a recipient is no address");
    OutboxRecipient recipient;
    recipient.address = std::move(address);
    request_.recipients.push_back(std::move(recipient));
  }
}

// Our additions stand in front and are no part of what tells a repetition: they change with every attempt.
std::string Submission::front() const {
  const std::string host = host_name(settings_.server);
  const mime::DateTime now{std::chrono::floor<std::chrono::seconds>(services_.clock.now()), 0};
  const std::string date = mime::format_date(now);
  std::string out = "Received: ";
  if (!request_.received_from.empty()) out += "from " + request_.received_from + "\r\n\t";
  out += "by " + host + " (Postern)";
  if (!request_.received_with.empty()) out += " with " + request_.received_with;
  out += ";\r\n\t" + date + "\r\n";
  if (!header_.has_date) out += "Date: " + date + "\r\n";
  if (!header_.has_from) out += "From: <" + request_.account.address + ">\r\n";
  if (!header_.message_id) out += "Message-ID: <" + text::hex(random_octets(16)) + '@' + host + ">\r\n";
  return out;
}

// A client names its attempt (ClientId), or its message: one that comes again with the same Message-ID,
// octets and envelope is the one whose acknowledgement was lost. Without either nothing tells it from a
// second message.
std::string Submission::key_for(const StagedMessage& message) const {
  std::string fields;
  if (!request_.client_id.empty()) {
    add_field(fields, "client-id");
    add_field(fields, request_.client_id);
    return sha256(fields);
  }
  if (!header_.message_id) return {};
  add_field(fields, message.content_hash);
  add_field(fields, request_.reverse_path);
  for (const OutboxRecipient& recipient : request_.recipients) add_field(fields, recipient.address);
  return sha256(fields);
}

Task<Result<std::optional<MailboxKey>>> Submission::sent_mailbox() {
  const AccountId account = request_.account.id;
  if (!request_.save_in_sent) co_return std::optional<MailboxKey>();
  CO_TRY(const std::vector<Mailbox> mailboxes, co_await services_.store.mailboxes().list(account));
  for (const Mailbox& mailbox : mailboxes) {
    if (mailbox.special_use == SpecialUse::sent) co_return std::optional<MailboxKey>(mailbox.key);
  }
  CO_TRY(MailboxName name, MailboxName::parse("Sent"));
  for (const Mailbox& mailbox : mailboxes) {
    if (mailbox.name == name) co_return std::optional<MailboxKey>(mailbox.key);
  }
  CO_TRY(const Mailbox made,
         co_await services_.store.mailboxes().create(account, std::move(name), SpecialUse::sent));
  co_return std::optional<MailboxKey>(made.key);
}

Task<SubmissionOutcome> Submission::finish() {
  lines_.finish(held_);
  if (!sink_) held_ += "\r\n";  // a message without a body; harmless behind a refusal
  co_await take_lines();
  if (refused()) co_return *std::move(refusal_);
  auto staged = co_await sink_->finish();
  if (!staged) refuse(staged.error());
  auto sent = co_await sent_mailbox();
  if (!sent) refuse(sent.error());
  if (refused()) co_return *std::move(refusal_);
  NewSubmission submission;
  submission.key = key_for(*staged);
  submission.copy_to = *sent;
  submission.envelope.reverse_path = std::move(request_.reverse_path);
  submission.envelope.recipients = std::move(request_.recipients);
  submission.envelope.envelope_id = std::move(request_.envelope_id);
  submission.envelope.return_content = request_.return_content;
  submission.envelope.eight_bit = lines_.has_eight_bit();
  submission.envelope.smtputf8 = request_.smtputf8 || header_.has_utf8;
  auto queued = co_await services_.store.outbox().enqueue(*staged, std::move(submission));
  if (!queued) {
    refuse(queued.error());
    co_return *std::move(refusal_);
  }
  if (!queued->duplicate) services_.metrics.add(Metric::submissions);
  co_return SubmissionOutcome(*queued);
}

Task<SubmissionOutcome> submit(Services services, const Settings& settings, std::string octets,
                               SubmissionRequest request) {
  Submission submission(services, settings, std::move(request));
  co_await submission.write(octets);
  co_return co_await submission.finish();
}

}  // namespace postern
