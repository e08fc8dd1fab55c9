// Who asks: what proved it, what he may do, and how far it reaches.
#pragma once

#include <optional>
#include <string>

#include "storage/administrators.h"
#include "storage/model/act.h"

namespace postern::admin {

struct Principal {
  Principal() = default;
  std::string name;  // "root", an administrator's, or an account's address
  Role role = Role::user;
  Scopes scopes;  // those of the role, or fewer
  Reach reach;
  std::optional<std::string> domain;  // the name of reach.domain
  Owner owner;                        // neither: root at the machine's socket
  std::string via;                    // "socket", "token", "page"
  std::string from;                   // the client's address; empty: this machine
  bool second_factor = false;
  std::string session;  // the hash of the page's session; empty: there is none
  std::string csrf_token;

  Act act() const { return Act(name, via, from); }
};

}  // namespace postern::admin
