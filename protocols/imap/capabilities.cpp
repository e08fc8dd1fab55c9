#include "protocols/imap/capabilities.h"

#include "protocols/shared/sasl.h"

namespace postern::imap {

bool can_start_tls(const Session& session) {
  return session.connection.tls != nullptr && session.connection.endpoint->tls == TlsMode::starttls &&
         session.io.stream().tls() == nullptr;
}

Offer offer_of(Session& session) {
  Offer offer;
  offer.logged_in = session.user.has_value();
  if (offer.logged_in) return offer;
  const LoginContext context = session.login_context();
  offer.start_tls = can_start_tls(session);
  offer.plaintext = session.services.login.plaintext_allowed(context);
  offer.mechanisms = sasl_mechanisms(session.services.login, context, session.io.stream().tls());
  return offer;
}

}  // namespace postern::imap
