// MeetingResponse: an invitation in mail accepted, perhaps, or declined. MS-ASCMD section 2.2.1.11.
// Before 16.0 the device writes the answer to the organizer itself; from then on the server does, if it is
// asked to (R6062). The invitation then leaves its folder. There is no calendar yet that it would go to.
#include <algorithm>

#include "gateway/base/text.h"
#include "protocols/activesync/commands/outgoing.h"
#include "protocols/activesync/commands/stored_items.h"
#include "protocols/activesync/meeting_item.h"
#include "protocols/activesync/message_layout.h"
#include "protocols/shared/digest.h"
#include "storage/mime/html_text.h"

namespace postern::activesync {

namespace {

constexpr std::size_t kTokenOctets = 16;
constexpr std::size_t kAttendeesAskedMax = 50;  // whether they are the account's own address
constexpr std::size_t kCommentOctetsMax = 64 * 1024;

mime::Participation participation_of(UserResponse response) {
  switch (response) {
    case UserResponse::accepted: return mime::Participation::accepted;
    case UserResponse::declined: return mime::Participation::declined;
    case UserResponse::tentative: break;
  }
  return mime::Participation::tentative;
}

std::optional<std::chrono::sys_seconds> seconds_of(std::optional<WallTime> time) {
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*time);
}

std::string comment_of(const SendResponse& response) {
  if (response.body_type == BodyType::html) return mime::html_to_text(response.body, kCommentOctetsMax);
  return std::string(response.body.substr(0, kCommentOctetsMax));
}

class ResponseRun {
 public:
  explicit ResponseRun(Conversation& conversation) : conversation_(conversation) {}

  Task<Result<void>> all(std::vector<MeetingAnswer> answers) {
    CO_TRY(mailboxes_, co_await conversation_.store().mailboxes().list(conversation_.account.id));
    std::vector<MeetingResult> results;
    for (const MeetingAnswer& one : answers) {
      MeetingResult result;
      result.request_id = one.request_id;
      auto status = co_await answer_one(one);
      const bool is_broken = !status && is_of_one_message(status.error());
      if (!status && !is_broken) co_return std::move(status).error();
      result.status = is_broken ? Status(MeetingStatus::server_error) : *status;
      results.push_back(std::move(result));
    }
    std::string wbxml;
    write_meeting_results(wbxml, results);
    conversation_.items = static_cast<std::uint32_t>(results.size());
    co_return co_await answer(conversation_, results.front().status, std::move(wbxml));
  }

 private:
  Task<Result<Status>> answer_one(const MeetingAnswer& asked) {
    if (asked.refused) co_return *asked.refused;
    const std::string name = asked.long_id.empty() ? asked.request_id : asked.long_id;
    auto item = co_await find_item(conversation_, mailboxes_, name);
    const bool is_gone = !item && item.error().kind == ErrorKind::not_found;
    if (is_gone) co_return Status(MeetingStatus::invalid_request);
    if (!item) co_return std::move(item).error();
    CO_TRY(const mime::Structure structure, mime::decode(item->facts.structure));
    const MessageLayout layout = layout_of(structure.root);
    const auto reader = conversation_.store().messages().open(item->mailbox.account, item->facts);
    CO_TRY(const std::optional<mime::Invitation> invitation,
           co_await invitation_in(conversation_.services, *reader, layout.calendar));
    const auto refused = refusal(asked, invitation);
    if (refused) co_return *refused;
    const bool is_told = asked.send_response && conversation_.request.version >= ProtocolVersion::v16_0;
    if (is_told) {
      CO_TRY(const std::optional<Status> failed, co_await tell_organizer(asked, *invitation, name));
      if (failed) co_return *failed;
    }
    co_return co_await put_away(*item);
  }

  std::optional<Status> refusal(const MeetingAnswer& asked,
                                const std::optional<mime::Invitation>& invitation) const {
    if (!invitation || invitation->method != mime::InvitationMethod::request) {
      return MeetingStatus::invalid_request;
    }
    if (!asked.instance) return std::nullopt;
    if (conversation_.request.version < ProtocolVersion::v14_1) return MeetingStatus::invalid_request;
    const bool recurs = invitation->recurrence || invitation->instance;
    return recurs ? std::nullopt : std::optional<Status>(CommonStatus::instance_of_single_meeting);
  }

  // As whom the account was invited; else under its own address.
  Task<Result<mime::Attendee>> own_attendee(const mime::Invitation& invitation) {
    const AccountRecord& account = conversation_.account;
    mime::Attendee own;
    own.address = account.address;
    for (const mime::Attendee& one : invitation.attendees) {
      if (text::same(one.address, account.address)) co_return one;
    }
    const std::size_t asked = std::min(invitation.attendees.size(), kAttendeesAskedMax);
    for (std::size_t i = 0; i < asked; ++i) {
      Directory& directory = conversation_.store().directory();
      std::string address = invitation.attendees.at(i).address;
      CO_TRY(const bool is_own, co_await owns_address(directory, account, std::move(address)));
      if (is_own) co_return invitation.attendees[i];
    }
    co_return own;
  }

  // nullopt: it is on its way.
  Task<Result<std::optional<Status>>> tell_organizer(const MeetingAnswer& asked,
                                                     const mime::Invitation& invitation, std::string item) {
    std::optional<Status> failed = sending_refusal(conversation_);
    if (invitation.organizer.address.empty()) failed = MeetingStatus::invalid_request;
    if (failed) co_return failed;
    CO_TRY(const mime::Attendee own, co_await own_attendee(invitation));
    AnswerMail mail;
    mail.from = own.address;
    mail.token = text::hex(random_octets(kTokenOctets));
    mail.answer.participation = participation_of(asked.response);
    mail.answer.address = own.address;
    mail.answer.name = own.name;
    mail.answer.comment = comment_of(*asked.send_response);
    mail.answer.made = std::chrono::floor<std::chrono::seconds>(conversation_.services.clock.now());
    mail.answer.instance = seconds_of(asked.instance);
    const auto start = seconds_of(asked.send_response->proposed_start);
    const auto end = seconds_of(asked.send_response->proposed_end);
    if (start && end) mail.answer.proposal = mime::InvitationAnswer::Proposal{*start, *end};
    const std::string message = answer_mail(invitation, mail);
    // The item leaves with the answer, so that the same answer to it is the same attempt.
    std::string attempt = "meeting " + item + ' ' + std::to_string(static_cast<int>(asked.response));
    if (asked.instance) attempt += ' ' + format_date_time(*asked.instance);
    SubmissionRequest request = outgoing_request(conversation_, attempt, true);
    const SubmissionOutcome outcome = co_await send_octets(conversation_, std::move(request), message);
    co_return status_of(conversation_, outcome);
  }

  Task<Result<Status>> put_away(const StoredItem& item) {
    const auto trash = std::find_if(mailboxes_.begin(), mailboxes_.end(),
                                    [](const Mailbox& one) { return one.special_use == SpecialUse::trash; });
    const bool has_trash = trash != mailboxes_.end() && trash->key != item.mailbox;
    if (!has_trash) co_return Status(MeetingStatus::ok);
    auto moved =
        co_await conversation_.store().messages().move(item.mailbox, UidSet::one(item.facts.uid), trash->key);
    if (moved) co_return Status(MeetingStatus::ok);
    if (moved.error().kind == ErrorKind::unavailable) co_return std::move(moved).error();
    co_return Status(MeetingStatus::mailbox_error);
  }

  Conversation& conversation_;
  std::vector<Mailbox> mailboxes_;
};

}  // namespace

Task<Result<void>> run_meeting_response(Conversation& conversation, std::optional<Document> document) {
  if (!document) co_return co_await refuse(conversation, MeetingStatus::invalid_request);
  auto answers = read_meeting_response(document->root());
  if (!answers) co_return co_await refuse(conversation, answers.refusal());
  ResponseRun run(conversation);
  co_return co_await run.all(std::move(*answers));
}

}  // namespace postern::activesync
