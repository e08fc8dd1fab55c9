// What a device sends, on its way into the outbox (protocols/shared/submission.h): SendMail, SmartReply,
// SmartForward, drafts, answers to invitations. One place says under which name an attempt is known and what
// a refusal is called.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocols/activesync/commands/run.h"
#include "protocols/shared/submission.h"

namespace postern::activesync {

// Since 14.0 a message to send comes in WBXML, before it was the body itself (R4813).
std::optional<Status> form_refusal(const Conversation& conversation, bool has_document);

// Why nothing of this account goes out at all. nullopt: it may.
std::optional<Status> sending_refusal(const Conversation& conversation);

// `attempt` names it within the device, so that it is queued once however often it comes; empty: its
// Message-ID must do.
SubmissionRequest outgoing_request(const Conversation& conversation, std::string_view attempt,
                                   bool save_in_sent);

// MS-ASCMD section 2.2.4: 107, 111, 113, 115, 116, 119, 120 or 122. Writes the log's line. nullopt: queued,
// now or before.
std::optional<Status> status_of(const Conversation& conversation, const SubmissionOutcome& outcome);

// Octets that are in memory.
Task<SubmissionOutcome> send_octets(Conversation& conversation, SubmissionRequest request,
                                    std::string_view octets);

// The empty body of success.
Task<Result<void>> confirm_sending(Conversation& conversation);
// The status in the command's own element, before 14.0 as HTTP's: 400 for what is wrong with the request, 503
// for what may pass, 507 for a full mailbox, 500 for the rest.
Task<Result<void>> refuse_sending(Conversation& conversation, Status status);

}  // namespace postern::activesync
