// The submission door.
#pragma once

#include "config/settings.h"
#include "gateway/net/front_end.h"
#include "protocols/shared/services.h"

namespace postern::submission {

class SubmissionFrontEnd final : public FrontEnd {
 public:
  // Both outlive the door.
  SubmissionFrontEnd(const Settings& settings, Services services)
      : settings_(settings), services_(services) {}
  std::string_view name() const override { return "submission"; }
  std::vector<Endpoint> endpoints() const override;
  Task<void> serve(Connection connection) override;

 private:
  const Settings& settings_;
  const Services services_;
};

}  // namespace postern::submission
