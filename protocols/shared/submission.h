// Submission: a user's message on its way into the outbox, for every door that sends (RFC 6409, MS-ASCMD
// SendMail). It streams: the header is held back until it is whole, checked and cleaned (outgoing_header.h),
// what is missing is put in front of it with the Received field, and the body follows as it comes.
//
//   Submission submission(services, settings, std::move(request));
//   co_await submission.write(octets);             // as often as there are octets; never fails
//   SubmissionOutcome outcome = co_await submission.finish();
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "protocols/shared/services.h"
#include "storage/mime/crlf_lines.h"
#include "storage/mime/outgoing_header.h"

namespace postern {

enum class SubmissionRefusal {
  malformed,      // the message: line ends, header
  not_theirs,     // an originator that is no address of the account
  no_recipients,  // neither given nor in the header
  bad_recipient,  // one in the header that no mail can go to
  too_large,      // beyond submission.message_octets_max, or too many recipients
  share_used_up,  // messages per hour, recipients per day: later
  no_room,        // for the copy in Sent
  unavailable,    // try again
};

struct SubmissionOutcome {
  explicit SubmissionOutcome(SubmissionRefusal why, std::string reason_text = {})
      : refusal(why), reason(std::move(reason_text)) {}
  explicit SubmissionOutcome(const Enqueued& done) : queued(done) {}
  std::optional<Enqueued> queued;  // or, if absent:
  SubmissionRefusal refusal = SubmissionRefusal::unavailable;
  std::string reason;  // of `malformed`: words for the user; else for the log
};

struct SubmissionRequest {
  AccountRecord account;
  std::string reverse_path;                 // checked by the caller with owns_address(); empty: none
  bool reverse_path_from_header = false;    // that of From (or Sender) if submission.check_from holds them
  std::vector<OutboxRecipient> recipients;  // empty: those of To, Cc and Bcc
  std::string envelope_id;
  ReturnContent return_content = ReturnContent::unspecified;
  bool smtputf8 = false;          // the envelope needs it; a header that does is found out
  std::string client_id;          // of the attempt, as the client names it: the same is queued once
  bool save_in_sent = false;      // with the queue in one transaction; shares the octets, so without Bcc
  bool repair_line_ends = false;  // else bare CR and LF are refused
  std::string received_from;      // of the Received field: "client ([192.0.2.7])"; may be empty
  std::string received_with;      // "ESMTPSA id 17.1"
};

// Is it the account's address, or an alias (or catch-all) that reaches it? unavailable.
Task<Result<bool>> owns_address(Directory& directory, const AccountRecord& account, std::string address);

class Submission {
 public:
  // `settings` outlives it.
  Submission(const Services& services, const Settings& settings, SubmissionRequest request);

  // What is wrong is told by finish(): octets after that are not looked at.
  Task<void> write(std::string_view octets);
  Task<SubmissionOutcome> finish();

 private:
  void refuse(SubmissionRefusal why, std::string reason = {});
  void refuse(const Error& error);
  bool refused() const { return refusal_.has_value(); }
  Task<void> take_lines();
  Task<void> begin(std::string block);
  Task<void> check_originators();
  void take_recipients();
  Task<Result<std::optional<MailboxKey>>> sent_mailbox();
  std::string key_for(const StagedMessage& message) const;
  std::string front() const;

  const Services services_;
  const Settings& settings_;
  SubmissionRequest request_;
  mime::CrlfLines lines_;
  std::string held_;          // lines not handed on: the header until it is whole
  std::size_t searched_ = 0;  // of the header, for its end
  mime::OutgoingHeader header_;
  std::unique_ptr<MessageSink> sink_;  // once the header is whole
  std::optional<SubmissionOutcome> refusal_;
};

// All at once.
Task<SubmissionOutcome> submit(Services services, const Settings& settings, std::string octets,
                               SubmissionRequest request);

}  // namespace postern
