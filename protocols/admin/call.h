// One operation under way: who asks, with which path arguments, query and body, and what a handler needs to
// answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "protocols/admin/answer.h"
#include "protocols/admin/fields.h"
#include "protocols/admin/principal.h"
#include "protocols/http/exchange.h"
#include "protocols/shared/login.h"
#include "protocols/shared/services.h"

namespace postern::admin {

struct Call {
  Call(const Services& s, const Settings& g, http::Exchange& e) : services(s), settings(g), exchange(e) {}

  const Services& services;
  const Settings& settings;
  http::Exchange& exchange;
  Principal who;
  std::vector<std::string> args;  // of the path, in order, decoded
  Json body;                      // an object, if the operation has one

  Store& store() const { return services.store; }
  // The store for changes by who asks; with the condition of If-Match, if there is one and `named` says of
  // what.
  std::unique_ptr<ActingStore> acting() const { return store().acting(who.act(), std::nullopt); }
  std::unique_ptr<ActingStore> acting(RowVersion::Of of, const std::string& name) const;
  const std::string& arg(std::size_t index) const { return args.at(index); }
  // A path argument that is a number; 0 (which nothing has) if it is none.
  std::int64_t number(std::size_t arg) const;
  LoginContext login_context() const;
};

}  // namespace postern::admin
