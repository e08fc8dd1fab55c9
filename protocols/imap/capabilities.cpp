#include "protocols/imap/capabilities.h"

#include "protocols/shared/sasl.h"

namespace postern::imap {

// Not below compression, which outlives a user (RFC 4978 §4).
bool can_start_tls(const Session& session) {
  return !session.compressed && session.connection.tls != nullptr &&
         session.connection.endpoint->tls == TlsMode::starttls && session.io.stream().tls() == nullptr;
}

Offer offer_of(Session& session) {
  Offer offer;
  offer.logged_in = session.user.has_value();
  offer.append_octets_max = session.settings.imap.append_octets_max;
  offer.command_messages_max = session.settings.imap.command_messages_max;
  offer.copy_messages_max = session.settings.imap.copy_messages_max;
  if (offer.logged_in) return offer;
  const LoginContext context = session.login_context();
  offer.start_tls = can_start_tls(session);
  offer.plaintext = session.services.login.plaintext_allowed(context);
  offer.mechanisms = sasl_mechanisms(session.services.login, context, session.io.stream().tls());
  return offer;
}

}  // namespace postern::imap
