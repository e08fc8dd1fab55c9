#include "storage/model/role.h"

#include <algorithm>
#include <array>

namespace postern {

namespace {

constexpr std::array<std::string_view, kScopeCount> kScopeNames{
    "directory:read", "directory:write",     "domains:write",        "tenants:write",  "credentials:write",
    "devices:read",   "devices:write",       "queue:read",           "queue:write",    "usage:read",
    "audit:read",     "administrators:read", "administrators:write", "server:read",    "self",
    "recovery:read",  "recovery:write",      "sessions:read",        "sessions:write", "server:write"};

constexpr std::array<std::string_view, 8> kRoleNames{"root",          "provider",  "reseller", "domain_admin",
                                                     "domain_reader", "help_desk", "billing",  "user"};

constexpr Scopes kReader{Scope::directory_read, Scope::devices_read,  Scope::queue_read,   Scope::usage_read,
                         Scope::audit_read,     Scope::recovery_read, Scope::sessions_read};
constexpr Scopes kDomainAdmin{Scope::directory_read, Scope::directory_write, Scope::credentials_write,
                              Scope::devices_read,   Scope::devices_write,   Scope::queue_read,
                              Scope::queue_write,    Scope::usage_read,      Scope::audit_read,
                              Scope::recovery_read,  Scope::recovery_write,  Scope::sessions_read,
                              Scope::sessions_write};
constexpr Scopes kHelpDesk{Scope::directory_read, Scope::credentials_write, Scope::devices_read,
                           Scope::devices_write,  Scope::recovery_read,     Scope::recovery_write,
                           Scope::sessions_read,  Scope::sessions_write};

template <class Enum, std::size_t n>
std::optional<Enum> by_name(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name_of(Scope scope) {
  return kScopeNames[static_cast<std::size_t>(scope)];
}
std::optional<Scope> scope_from(std::string_view name) {
  return by_name<Scope>(kScopeNames, name);
}

std::vector<std::string_view> Scopes::names() const {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kScopeCount; ++i) {
    if (has(static_cast<Scope>(i))) names.push_back(kScopeNames[i]);
  }
  return names;
}

std::string_view name_of(Role role) {
  return kRoleNames[static_cast<std::size_t>(role)];
}
std::optional<Role> role_from(std::string_view name) {
  return by_name<Role>(kRoleNames, name);
}

Scopes scopes_of(Role role) {
  switch (role) {
    case Role::root:
    case Role::provider: return Scopes::all().without({Scope::self});
    case Role::reseller:
      return Scopes::all().without(
          {Scope::self, Scope::tenants_write, Scope::server_read, Scope::server_write});
    case Role::domain_admin: return kDomainAdmin;
    case Role::domain_reader: return kReader;
    case Role::help_desk: return kHelpDesk;
    case Role::billing: return {Scope::usage_read};
    case Role::user: return {Scope::self};
  }
  return {};
}

}  // namespace postern
