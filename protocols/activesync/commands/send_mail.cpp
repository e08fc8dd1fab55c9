// SendMail. MS-ASCMD section 2.2.1.17. Success has no body; that the same attempt came before is success,
// too.
#include "protocols/activesync/schema/send_mail.h"
#include "protocols/activesync/commands/outgoing.h"

namespace postern::activesync {

namespace {

// Before 14.0 the body is the message, and it is in no one's memory as a whole.
Task<Result<SubmissionOutcome>> send_body(Conversation& conversation) {
  SubmissionRequest request = outgoing_request(conversation, "", conversation.request.save_in_sent);
  Submission submission(conversation.services, conversation.settings, std::move(request));
  while (true) {
    CO_TRY(const std::string octets, co_await conversation.exchange.read_body());
    if (octets.empty()) break;
    co_await submission.write(octets);
  }
  co_return co_await submission.finish();
}

Task<Result<void>> tell(Conversation& conversation, SubmissionOutcome outcome) {
  const auto refused = status_of(conversation, outcome);
  if (refused) co_return co_await refuse_sending(conversation, *refused);
  co_return co_await confirm_sending(conversation);
}

}  // namespace

Task<Result<void>> run_send_mail(Conversation& conversation, std::optional<Document> document) {
  auto refused = form_refusal(conversation, document.has_value());
  if (!refused) refused = sending_refusal(conversation);
  if (refused) co_return co_await refuse_sending(conversation, *refused);
  if (!document) {
    CO_TRY(SubmissionOutcome outcome, co_await send_body(conversation));
    co_return co_await tell(conversation, std::move(outcome));
  }
  auto request = read_send(document->root());
  if (!request) co_return co_await refuse_sending(conversation, request.refusal());
  if (!request->account_id.empty()) {
    co_return co_await refuse_sending(conversation, CommonStatus::invalid_account_id);
  }
  SubmissionRequest outgoing =
      outgoing_request(conversation, request->client_id, request->save_in_sent_items);
  SubmissionOutcome outcome = co_await send_octets(conversation, std::move(outgoing), request->mime);
  co_return co_await tell(conversation, std::move(outcome));
}

}  // namespace postern::activesync
