// What happened, kept for those who answer for it: the audit, the changes of features, and what was used by
// each account on each day. All of it is written in the transaction of what it tells, or by a job that may
// run twice.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "storage/listings.h"

namespace postern {

struct AuditEntry {
  AuditEntry() = default;
  std::int64_t id = 0;
  WallTime at{};
  std::string who;
  std::string via;
  std::string from;
  std::string action;  // create, change, delete, sign_in
  std::string kind;
  std::string object;
  std::optional<TenantId> tenant;
  std::optional<std::string> domain;
  std::string before;  // JSON; empty: nothing
  std::string after;
};

struct FeatureEvent {
  FeatureEvent() = default;
  std::int64_t id = 0;
  WallTime at{};
  std::string who;
  std::string from;
  std::string level;  // plan, domain, account
  std::string name;
  std::optional<TenantId> tenant;
  std::optional<std::string> domain;
  Feature feature{};
  std::optional<bool> before;
  std::optional<bool> after;
};

struct UsageDay {
  UsageDay() = default;
  std::string day;  // "2026-11-23", of UTC
  AccountId account{};
  TenantId tenant{};
  std::string domain;
  std::string address;
  std::string plan;
  std::vector<Feature> features;  // on at some time of the day
  std::uint64_t octets = 0;       // the most that was seen
  std::uint64_t messages = 0;
  std::uint32_t devices = 0;
};

struct RecordFilter {
  RecordFilter() = default;
  std::optional<TenantId> tenant;
  std::optional<std::string> domain;
  std::optional<std::string> who;
  std::optional<std::string> object;  // and what belongs to it
  std::optional<Feature> feature;
  std::optional<WallTime> since;
  std::optional<WallTime> until;
};

// Where the next piece of an export begins.
struct UsagePlace {
  UsagePlace() = default;
  std::string day;  // empty: at the beginning
  AccountId account{};
};

class Records {
 public:
  virtual ~Records() = default;

  // Newest first; the key is the number.
  virtual Task<Result<std::vector<AuditEntry>>> audit(Reach reach, RecordFilter filter, PageRange range) = 0;
  virtual Task<Result<std::vector<FeatureEvent>>> feature_events(Reach reach, RecordFilter filter,
                                                                 PageRange range) = 0;
  // Of a month ("2026-11"), by day and account, behind `place`.
  virtual Task<Result<std::vector<UsageDay>>> usage(Reach reach, RecordFilter filter, std::string month,
                                                    UsagePlace place, std::uint32_t rows_max) = 0;
  // Counts today of all accounts, in steps. Twice is as good as once.
  virtual Task<Result<void>> count_usage() = 0;
};

}  // namespace postern
