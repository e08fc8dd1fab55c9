// CAPABILITY, NOOP, LOGOUT (RFC 3501 §6.1) and ID (RFC 2971).
#include "gateway/base/text.h"
#include "protocols/imap/capabilities.h"
#include "protocols/imap/commands/run.h"

namespace postern::imap {

Task<Answer> run(Session& session, const Capability&) {
  session.io.put("* CAPABILITY ");
  session.io.put(capability_text(offer_of(session)));
  session.io.put("\r\n");
  co_return ok("That is all");
}

Task<Answer> run(Session& session, const Noop&) {
  session.look_for_news();
  co_return ok("Done");
}

Task<Answer> run(Session& session, const Logout&) {
  session.end(bye("", "Good bye"));
  co_return ok("Logged out");
}

Task<Answer> run(Session& session, const Id& command) {
  std::string_view name;
  std::string_view version;
  for (const Id::Field& field : command.fields) {
    if (!field.second) continue;
    if (text::same(field.first, "name")) name = *field.second;
    if (text::same(field.first, "version")) version = *field.second;
  }
  session.services.login.note_client(session.connection.id, std::string(name) + ' ' + std::string(version));
  session.services.log.event(Level::info, "imap.client",
                             {{"session", session.connection.id},
                              {"name", text::printable(name)},
                              {"version", text::printable(version)}});
  session.io.put("* ID (\"name\" \"Postern\")\r\n");
  co_return ok("Pleased to meet you");
}

}  // namespace postern::imap
