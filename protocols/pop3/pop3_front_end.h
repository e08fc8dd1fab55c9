// The POP3 door.
#pragma once

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "protocols/shared/services.h"

namespace postern::pop3 {

class Pop3FrontEnd final : public FrontEnd {
 public:
  // Both outlive the door.
  Pop3FrontEnd(const Settings& settings, Services services) : settings_(settings), services_(services) {}
  std::string_view name() const override { return "pop3"; }
  std::vector<Endpoint> endpoints() const override;
  Task<void> serve(Connection connection) override;

 private:
  const Settings& settings_;
  const Services services_;
};

}  // namespace postern::pop3
