#include "protocols/shared/absence_answer.h"

#include "gateway/base/text.h"
#include "protocols/shared/absence_reply.h"
#include "protocols/shared/submission.h"

namespace postern {

namespace {

Task<Result<bool>> answer(Services services, const Settings& settings, AbsenceQuestion question,
                          std::string reverse_path, std::string header) {
  if (settings.relay.host.empty()) co_return false;  // no mail goes out
  CO_TRY(AccountRecord account, co_await services.store.directory().account(question.account));
  std::vector<std::string> own;
  own.push_back(account.address);
  own.push_back(std::move(question.address));
  if (!asks_for_answer(header, reverse_path, own)) co_return false;
  Absences::Limits limits;
  limits.again_after_days = settings.absence.again_after_days;
  limits.per_hour_max = settings.absence.replies_per_hour_max;
  CO_TRY(std::optional<AbsenceReply> reply,
         co_await services.store.absences().take_reply(account.id, reverse_path, limits));
  if (!reply) co_return false;
  AbsenceAnswer answer;
  answer.reply = *std::move(reply);
  answer.from = account.address;
  answer.display_name = account.profile.display_name;
  answer.to = reverse_path;
  SubmissionRequest request;
  request.account = std::move(account);
  OutboxRecipient recipient;
  recipient.notify = static_cast<std::uint8_t>(Notify::never);
  request.smtputf8 = !text::is_ascii(reverse_path);
  recipient.address = std::move(reverse_path);
  request.recipients.push_back(std::move(recipient));
  std::string message = compose(answer, header);
  const SubmissionOutcome outcome =
      co_await submit(services, settings, std::move(message), std::move(request));
  if (!outcome.queued) co_return Error(ErrorKind::unavailable, "not queued: " + outcome.reason);
  co_return true;
}

}  // namespace

Task<void> answer_for_absent(Services services, const Settings& settings, AbsenceQuestion question,
                             std::string reverse_path, std::string header) {
  const AccountId account = question.account;
  auto answered =
      co_await answer(services, settings, std::move(question), std::move(reverse_path), std::move(header));
  if (!answered) {
    services.log.event(Level::warning, "absence.not_answered",
                       {{"account", raw(account)}, {"detail", answered.error().detail}});
  } else if (*answered) {
    services.log.event(Level::info, "absence.answered", {{"account", raw(account)}});
  }
}

}  // namespace postern
