// What somebody may do (scopes), what he is (a role is a set of scopes), and how far it reaches.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/model/ids.h"

namespace postern {

// Kept as bits: new ones go to the end, and to scope_words() in the database.
enum class Scope : std::uint8_t {
  directory_read,
  directory_write,
  domains_write,
  tenants_write,
  credentials_write,
  devices_read,
  devices_write,
  queue_read,
  queue_write,
  usage_read,
  audit_read,
  administrators_read,
  administrators_write,
  server_read,
  self,
  recovery_read,
  recovery_write,
  sessions_read,
  sessions_write,
  server_write,
};
constexpr std::size_t kScopeCount = 20;
std::string_view name_of(Scope scope);  // "directory:read"
std::optional<Scope> scope_from(std::string_view name);

class Scopes {
 public:
  constexpr Scopes() = default;
  constexpr Scopes(std::initializer_list<Scope> scopes) {
    for (const Scope scope : scopes) bits_ |= bit(scope);
  }
  static constexpr Scopes from_bits(std::uint64_t bits) {
    Scopes scopes;
    scopes.bits_ = bits & ((std::uint64_t{1} << kScopeCount) - 1);
    return scopes;
  }
  static constexpr Scopes all() { return from_bits(UINT64_MAX); }
  constexpr std::uint64_t bits() const { return bits_; }
  constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr bool within(Scopes others) const { return (bits_ & ~others.bits_) == 0; }
  constexpr Scopes only(Scopes others) const { return from_bits(bits_ & others.bits_); }
  constexpr Scopes without(Scopes others) const { return from_bits(bits_ & ~others.bits_); }
  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  std::vector<std::string_view> names() const;
  friend constexpr bool operator==(Scopes, Scopes) = default;

 private:
  static constexpr std::uint64_t bit(Scope scope) { return std::uint64_t{1} << static_cast<unsigned>(scope); }
  std::uint64_t bits_ = 0;
};

enum class Role : std::uint8_t {
  root,
  provider,
  reseller,
  domain_admin,
  domain_reader,
  help_desk,
  billing,
  user,
};
std::string_view name_of(Role role);  // "domain_admin"
std::optional<Role> role_from(std::string_view name);
Scopes scopes_of(Role role);

// Everything, or a tenant, or one of its domains.
struct Reach {
  std::optional<TenantId> tenant;
  std::optional<DomainId> domain;
  friend bool operator==(const Reach&, const Reach&) = default;
};

}  // namespace postern
