// HTTP/1.1 as a door, plain and under TLS. What it serves is the router's affair.
#pragma once

#include <vector>

#include "protocols/http/connection.h"

namespace postern::http {

class HttpFrontEnd final : public FrontEnd {
 public:
  // settings, loop and clock outlive the door.
  HttpFrontEnd(const Settings& settings, Loop& loop, const Clock& clock, Log log,
               std::vector<Endpoint> endpoints, Router router, Metrics metrics = Metrics(),
               std::string_view name = "http");

  std::string_view name() const override { return name_; }
  std::vector<Endpoint> endpoints() const override { return endpoints_; }
  Task<void> serve(postern::Connection connection) override;

 private:
  const std::string_view name_;
  const std::vector<Endpoint> endpoints_;
  const std::vector<Network> proxies_;
  const Router router_;
  const Surroundings around_;
};

}  // namespace postern::http
