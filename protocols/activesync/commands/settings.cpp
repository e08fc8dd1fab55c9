// Settings: what the device says of itself, who its user is, out of office. MS-ASCMD section 2.2.1.18. A
// recovery password is not taken: the policy never asks for one, and nobody here may read it.
#include "protocols/activesync/schema/settings.h"
#include "protocols/activesync/commands/run.h"
#include "storage/absences.h"
#include "storage/devices.h"
#include "storage/mime/html_text.h"

namespace postern::activesync {

namespace {

std::string html_of(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '\n': html += "<br>\n"; break;
      default: html += c;
    }
  }
  return html;
}

// What the request leaves out stays: devices switch the state without the words.
void merge(const Oof& oof, Absence& absence) {
  absence.state = static_cast<AbsenceState>(oof.state);
  absence.begin = oof.start;
  absence.end = oof.end;
  for (const OofMessage& message : oof.messages) {
    AbsenceReply& reply = absence.reply_to(static_cast<Audience>(message.audience));
    reply.enabled = message.enabled;
    if (message.reply.empty()) continue;
    reply.text = message.reply;
    reply.html = message.body_type == "HTML";
  }
}

// One message for each audience, whatever is set (R3521, R3522), in the format that was asked for.
Oof oof_of(const Absence& absence, OofBody wanted) {
  Oof oof;
  oof.state = static_cast<OofState>(absence.state);
  oof.start = absence.begin;
  oof.end = absence.end;
  for (std::size_t i = 0; i < kAudienceCount; ++i) {
    const AbsenceReply& reply = absence.replies[i];
    OofMessage& message = oof.messages.emplace_back();
    message.audience = static_cast<OofAudience>(i);
    message.enabled = reply.enabled;
    message.reply = reply.text;
    const bool as_html = wanted == OofBody::html || (wanted == OofBody::as_stored && reply.html);
    if (as_html && !reply.html) message.reply = html_of(reply.text);
    if (!as_html && reply.html) message.reply = mime::html_to_text(reply.text, kAbsenceReplyOctetsMax);
    message.body_type = as_html ? "HTML" : "Text";
  }
  return oof;
}

class SettingsRun {
 public:
  SettingsRun(Conversation& conversation, SettingsRequest request)
      : conversation_(conversation), request_(std::move(request)) {}

  Task<Result<void>> all() {
    CO_TRY_VOID(co_await take_device_information());
    CO_TRY_VOID(co_await take_oof());
    CO_TRY_VOID(co_await tell_oof());
    CO_TRY_VOID(co_await tell_user_information());
    response_.device_password_status = request_.device_password_refused;
    if (request_.device_password) response_.device_password_status = SettingsStatus::denied_by_policy;
    if (request_.get_rights_management)
      response_.rights_management_status = SettingsStatus::ok;  // no templates
    std::string wbxml;
    write(wbxml, response_, conversation_.request.version);
    co_return co_await answer(conversation_, response_.status, std::move(wbxml));
  }

 private:
  Task<Result<void>> take_device_information() {
    if (!request_.device_information) co_return Result<void>();
    response_.device_information_status = SettingsStatus::ok;
    const Device& device = conversation_.device;
    const bool is_new = *request_.device_information != device.information;
    if (!is_new || conversation_.request.device_id == kValidatingDevice) co_return Result<void>();
    co_return co_await conversation_.store().devices().set_information(
        device.key, *std::move(request_.device_information));
  }

  Task<Result<void>> take_oof() {
    response_.oof_status = request_.oof_refused;
    if (!request_.set_oof) co_return Result<void>();
    Absences& absences = conversation_.store().absences();
    CO_TRY(const Absence before, co_await absences.find(conversation_.account.id));
    Absence absence = before;
    merge(*request_.set_oof, absence);
    response_.oof_status = SettingsStatus::ok;
    if (absence == before) co_return Result<void>();
    auto stored = co_await absences.set(conversation_.account.id, std::move(absence));
    const bool bad =
        !stored && (stored.error().kind == ErrorKind::invalid || stored.error().kind == ErrorKind::too_large);
    if (!bad) co_return stored;
    response_.oof_status = SettingsStatus::invalid_arguments;
    co_return Result<void>();
  }

  Task<Result<void>> tell_oof() {
    if (!request_.get_oof || request_.oof_refused) co_return Result<void>();
    CO_TRY(const Absence absence, co_await conversation_.store().absences().find(conversation_.account.id));
    response_.oof_status = SettingsStatus::ok;
    response_.oof = oof_of(absence, request_.oof_body);
    co_return Result<void>();
  }

  Task<Result<void>> tell_user_information() {
    if (!request_.get_user_information) co_return Result<void>();
    UserInformation& user = response_.user_information.emplace();
    CO_TRY(user.addresses, co_await conversation_.store().directory().addresses(conversation_.account.id));
    user.user_display_name = conversation_.account.profile.display_name;
    user.primary_address = conversation_.account.address;
    co_return Result<void>();
  }

  Conversation& conversation_;
  SettingsRequest request_;
  SettingsResponse response_;
};

}  // namespace

Task<Result<void>> run_settings(Conversation& conversation, std::optional<Document> document) {
  Parsed<SettingsRequest> read(SettingsStatus::protocol_error);
  if (document) read = read_settings(document->root());
  if (!read) co_return co_await refuse(conversation, read.refusal());
  SettingsRun run(conversation, std::move(*read));
  co_return co_await run.all();
}

}  // namespace postern::activesync
