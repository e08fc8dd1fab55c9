// Who does what an administrator does, and from where: what the audit keeps.
#pragma once

#include <string>
#include <string_view>

namespace postern {

struct Act {
  Act() = default;
  Act(std::string w, std::string v, std::string f)
      : who(std::move(w)), via(std::move(v)), from(std::move(f)) {}
  std::string who;   // "root", an administrator's name, or an account's address
  std::string via;   // "token", "page", "socket", "command line"
  std::string from;  // an address; empty: this machine
};

// A row as it was read, for changes that count only if it still is so.
struct RowVersion {
  enum class Of : unsigned char { tenant, plan, domain, account, alias };
  RowVersion(Of o, std::string n, std::string v) : of(o), name(std::move(n)), version(std::move(v)) {}
  Of of;
  std::string name;     // a tenant's number, an account's or alias's address, the others' names
  std::string version;  // as Listings gives it
};
// The detail of the error (invalid) with which a change is refused because the row is another by now, …
constexpr std::string_view kVersionConstraint = "if_match";
// … and because the tenant would have more Mobile Sync users than it may.
constexpr std::string_view kLicenceConstraint = "tenants_mobile_sync_max_used";

}  // namespace postern
