#include "protocols/imap/imap_front_end.h"

#include "protocols/shared/endpoints.h"

namespace postern::imap {

std::vector<Endpoint> ImapFrontEnd::endpoints() const {
  return endpoints_from(settings_.imap.endpoints, "imap");
}

Task<void> ImapFrontEnd::serve(Connection connection) {
  Session session(std::move(connection), settings_, services_, orders_);
  co_await session.serve();
}

}  // namespace postern::imap
