#include "protocols/activesync/commands/outgoing.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kPieceOctets = 64 * 1024;

Status status_of(SubmissionRefusal refusal) {
  switch (refusal) {
    case SubmissionRefusal::malformed: return CommonStatus::invalid_mime;
    case SubmissionRefusal::not_theirs: return CommonStatus::submission_failed;
    case SubmissionRefusal::no_recipients: return CommonStatus::no_recipient;
    case SubmissionRefusal::bad_recipient: return CommonStatus::recipient_unresolved;
    case SubmissionRefusal::too_large: return CommonStatus::attachment_too_large;
    case SubmissionRefusal::share_used_up: return CommonStatus::send_quota_exceeded;
    case SubmissionRefusal::no_room: return CommonStatus::mailbox_quota_exceeded;
    case SubmissionRefusal::unavailable: return CommonStatus::retry_later;
  }
  return CommonStatus::server_error;
}

int http_status_of(Status status) {
  if (status == Status(CommonStatus::retry_later)) return 503;
  if (status == Status(CommonStatus::mailbox_quota_exceeded)) return 507;
  const bool is_their_mistake =
      status.code < Status(CommonStatus::server_error).code || status == Status(CommonStatus::no_recipient);
  return is_their_mistake ? 400 : 500;
}

}  // namespace

std::optional<Status> form_refusal(const Conversation& conversation, bool has_document) {
  const bool wants_document = conversation.request.version >= ProtocolVersion::v14_0;
  if (has_document == wants_document) return std::nullopt;
  return CommonStatus::invalid_content;
}

std::optional<Status> sending_refusal(const Conversation& conversation) {
  // Without a next hop nothing would ever leave.
  if (conversation.settings.relay.host.empty()) return CommonStatus::submission_failed;
  if (conversation.account.allows(Feature::submission)) return std::nullopt;
  if (conversation.request.version < ProtocolVersion::v14_1) return CommonStatus::submission_failed;
  return CommonStatus::account_send_disabled;
}

SubmissionRequest outgoing_request(const Conversation& conversation, std::string_view attempt,
                                   bool save_in_sent) {
  SubmissionRequest request;
  request.account = conversation.account;
  request.reverse_path = conversation.account.address;
  request.reverse_path_from_header = true;
  request.save_in_sent = save_in_sent;
  request.repair_line_ends = true;
  if (!attempt.empty()) {
    request.client_id = "activesync " + conversation.request.device_id + ' ';
    request.client_id += attempt;
  }
  const http::Exchange& exchange = conversation.exchange;
  if (conversation.settings.submission.show_client_address) {
    request.received_from = "[" + exchange.client().peer.host + "]";
  }
  request.received_with = exchange.client().encrypted ? "HTTPS id " : "HTTP id ";
  request.received_with += std::to_string(exchange.session());
  return request;
}

std::optional<Status> status_of(const Conversation& conversation, const SubmissionOutcome& outcome) {
  const Level level = outcome.queued ? Level::info : Level::warning;
  conversation.services.log.event(level, "activesync.message",
                                  {{"session", conversation.exchange.session()},
                                   {"account", raw(conversation.account.id)},
                                   {"device", conversation.request.device_id},
                                   {"message", outcome.queued ? raw(outcome.queued->id) : 0},
                                   {"duplicate", outcome.queued && outcome.queued->duplicate},
                                   {"reason", outcome.reason}});
  if (outcome.queued) return std::nullopt;
  return status_of(outcome.refusal);
}

Task<SubmissionOutcome> send_octets(Conversation& conversation, SubmissionRequest request,
                                    std::string_view octets) {
  Submission submission(conversation.services, conversation.settings, std::move(request));
  for (std::size_t at = 0; at < octets.size(); at += kPieceOctets) {
    co_await submission.write(octets.substr(at, kPieceOctets));
  }
  co_return co_await submission.finish();
}

Task<Result<void>> confirm_sending(Conversation& conversation) {
  conversation.told_status = 1;
  conversation.items = 1;
  co_return co_await answer_whole(conversation.exchange, std::string());
}

Task<Result<void>> refuse_sending(Conversation& conversation, Status status) {
  const GateRefusal refusal{status, http_status_of(status)};
  co_return co_await refuse(conversation, refusal);
}

}  // namespace postern::activesync
