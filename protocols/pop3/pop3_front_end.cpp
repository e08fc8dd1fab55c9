#include "protocols/pop3/pop3_front_end.h"

#include "protocols/pop3/session.h"
#include "protocols/shared/endpoints.h"

namespace postern::pop3 {

std::vector<Endpoint> Pop3FrontEnd::endpoints() const {
  return endpoints_from(settings_.pop3.endpoints, "pop3");
}

Task<void> Pop3FrontEnd::serve(Connection connection) {
  Session session(settings_, services_, std::move(connection));
  co_await session.run();
}

}  // namespace postern::pop3
