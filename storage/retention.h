// Retention: after how many days mail leaves Trash and Junk by itself, by plan and by domain. It leaves as if
// it had been deleted: it can be recovered for the plan's days.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "gateway/async/task.h"
#include "gateway/base/result.h"

namespace postern {

// Days since a message came into the mailbox. Absent: as the next level says, a domain's is its plan's; 0:
// never.
struct RetentionRules {
  std::optional<std::uint32_t> trash_days;
  std::optional<std::uint32_t> junk_days;
  friend bool operator==(const RetentionRules&, const RetentionRules&) = default;
};
constexpr std::uint32_t kRetentionDaysMax = 3650;

class Retention {
 public:
  virtual ~Retention() = default;
  // What that level itself says. not_found.
  virtual Task<Result<RetentionRules>> of_plan(std::string name) = 0;
  virtual Task<Result<RetentionRules>> of_domain(std::string name) = 0;
  // From the next round on, within the hour. not_found; invalid beyond kRetentionDaysMax.
  virtual Task<Result<void>> set_plan(std::string name, RetentionRules rules) = 0;
  virtual Task<Result<void>> set_domain(std::string name, RetentionRules rules) = 0;
};

}  // namespace postern
