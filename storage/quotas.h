// Quotas beyond the limits of one account (Directory::set_limits): what domains say, and what the jobs that
// warn and recount have found. An account's room is counted in the transaction that changes it; a domain's
// pool is added up every few minutes, so it may be exceeded by what comes in meanwhile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/async/task.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "storage/model/quota.h"

namespace postern {

class Quotas {
 public:
  virtual ~Quotas() = default;

  // not_found: no such domain.
  virtual Task<Result<DomainQuota>> domain(std::string name) = 0;
  // From the next round on. not_found; invalid: a pool of nothing, or no address.
  virtual Task<Result<void>> set_domain(std::string name, DomainQuota quota) = 0;
  // Added up now; deleted accounts do not count.
  virtual Task<Result<DomainUsage>> usage(std::string name) = 0;

  // The domain's own words, else the usual ones. not_found.
  virtual Task<Result<QuotaNotice>> notice(std::string domain, QuotaLevel level) = 0;
  // nullopt: the usual ones. not_found; invalid (no UTF-8, NUL, a line end in the subject); too_large.
  virtual Task<Result<void>> set_notice(std::string domain, QuotaLevel level,
                                        std::optional<QuotaNotice> notice) = 0;

  // For deliveries that were refused: what the account's domain wants them to be told. not_found.
  virtual Task<Result<WhenFull>> when_full(AccountId account) = 0;

  struct Recount {
    std::optional<WallTime> at;  // absent: there was none yet
    std::vector<QuotaDrift> drifts;
  };
  // The last nightly recount.
  virtual Task<Result<Recount>> last_recount() = 0;
};

}  // namespace postern
