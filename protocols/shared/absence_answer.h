// Answers a message that has just been delivered to somebody who is out of office, by the outbox and with the
// null reverse path. Never twice to one sender within the days of the settings; when in doubt not at all.
#pragma once

#include <string>

#include "config/settings.h"
#include "protocols/shared/services.h"

namespace postern {

struct AbsenceQuestion {
  AbsenceQuestion(AccountId a, std::string by) : account(a), address(std::move(by)) {}
  AccountId account{};
  std::string address;  // by which the mail reached it
};

// `header` is the message's, whole or its first kAskingHeaderOctetsMax octets. What goes wrong is logged.
Task<void> answer_for_absent(Services services, const Settings& settings, AbsenceQuestion question,
                             std::string reverse_path, std::string header);

}  // namespace postern
