// ImapFrontEnd: IMAP's door (RFC 3501).
#pragma once

#include "protocols/imap/order_cache.h"
#include "protocols/imap/session.h"

namespace postern::imap {

class ImapFrontEnd final : public FrontEnd {
 public:
  // The settings outlive the door.
  ImapFrontEnd(const Settings& settings, Services services)
      : settings_(settings), services_(std::move(services)) {}

  std::string_view name() const override { return "imap"; }
  std::vector<Endpoint> endpoints() const override;
  Task<void> serve(Connection connection) override;

 private:
  const Settings& settings_;
  const Services services_;
  OrderCache orders_;
};

}  // namespace postern::imap
