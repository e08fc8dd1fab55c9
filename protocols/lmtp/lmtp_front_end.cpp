#include "protocols/lmtp/lmtp_front_end.h"

#include "protocols/lmtp/session.h"
#include "protocols/shared/endpoints.h"

namespace postern::lmtp {

std::vector<Endpoint> LmtpFrontEnd::endpoints() const {
  return endpoints_from(settings_.lmtp.endpoints, "lmtp");
}

Task<void> LmtpFrontEnd::serve(Connection connection) {
  Session session(settings_, services_, std::move(connection));
  co_await session.run();
}

}  // namespace postern::lmtp
