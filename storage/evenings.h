// What is known of the evening backups without asking their repository: each run and each verification leaves
// a line here. The repository is the truth; what was saved or verified by an earlier release is not here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"

namespace postern {

struct SavedEvening {
  SavedEvening() = default;
  std::string date;  // "2025-01-31"
  WallTime begun_at{};
  WallTime ended_at{};
  std::uint64_t accounts = 0;
  std::uint64_t messages = 0;
  std::uint64_t octets = 0;
  std::uint64_t new_messages = 0;
  std::uint64_t new_octets = 0;  // before compression
  std::uint64_t failed = 0;      // accounts that could not be read
  std::optional<WallTime> verified_at;
  std::uint64_t broken = 0;  // what was found broken then
};

class Evenings {
 public:
  virtual ~Evenings() = default;
  // A second run of a day stands for the first, and is not verified. All but the `kept_max` latest are
  // forgotten.
  virtual Task<Result<void>> note(SavedEvening evening, std::size_t kept_max) = 0;
  // nullopt: all of them.
  virtual Task<Result<void>> note_verified(std::optional<std::string> date, std::uint64_t broken) = 0;
  virtual Task<Result<std::vector<SavedEvening>>> list() = 0;  // latest first
};

}  // namespace postern
