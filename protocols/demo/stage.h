// What every scene of the demo page plays on: the one mailbox, and the way to this server's own doors.
#pragma once

#include <memory>
#include <string>

#include "config/settings.h"
#include "gateway/base/clock.h"
#include "gateway/base/secret.h"
#include "gateway/net/tls_context.h"
#include "protocols/shared/services.h"

namespace postern::demo {

struct Mailbox {
  Mailbox(std::string a, Secret p) : address(std::move(a)), password(std::move(p)) {}
  std::string address;
  Secret password;
};

struct Stage {
  Stage(const Settings& g, const Services& s, Mailbox m) : settings(g), services(s), mailbox(std::move(m)) {}

  const Settings& settings;
  const Services services;
  const Mailbox mailbox;
  std::shared_ptr<SSL_CTX> trust;  // believes the server's own certificate and no other

  Loop& loop() const { return services.loop; }
};

}  // namespace postern::demo
