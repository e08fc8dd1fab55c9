// Who is out of office, what they have said, and who has been answered already. Recipient::absent tells a
// delivery that there is something to ask here; without it nothing is asked.
#pragma once

#include <optional>
#include <string>

#include "gateway/async/task.h"
#include "gateway/base/result.h"
#include "storage/model/absence.h"
#include "storage/model/ids.h"

namespace postern {

class Absences {
 public:
  virtual ~Absences() = default;

  // not_found: no such account. Off, with empty replies, until something is set.
  virtual Task<Result<Absence>> find(AccountId account) = 0;
  // Rings the account's bell. Whoever has been answered is forgotten, so that a new absence answers everybody
  // anew. invalid (no UTF-8, NUL, `between` without times or with an end that is not later), too_large (a
  // reply), not_found.
  virtual Task<Result<void>> set(AccountId account, Absence absence) = 0;

  struct Limits {
    std::uint32_t again_after_days = 7;  // the same sender
    std::uint32_t per_hour_max = 100;    // of one account
  };
  // The reply to a sender, who counts as answered from now on. Absent: not absent now, nothing for such
  // senders, answered lately, or the account's replies of this hour are used up. One round trip.
  virtual Task<Result<std::optional<AbsenceReply>>> take_reply(AccountId account, std::string sender,
                                                               Limits limits) = 0;
};

}  // namespace postern
