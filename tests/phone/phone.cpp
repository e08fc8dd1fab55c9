#include "tests/phone/phone.h"

#include <fmt/format.h>

namespace postern::phone {

Phone::Phone(const Profile& its_profile, ServerOptions options)
    : profile(its_profile),
      identity(options.identity),
      version(options.version),
      server(its_profile, std::move(options)) {}

Answer Phone::ask(Command command, const std::optional<Node>& request, const Parameters& parameters) {
  try {
    return server.ask(command, request, parameters);
  } catch (const PolicyNeeded&) {
    provision(*this);
  }
  try {
    return server.ask(command, request, parameters);
  } catch (const PolicyNeeded& again) {
    throw Broken(fmt::format("{}: the policy is taken over, and still wanted (status {})", name_of(command),
                             again.status));
  }
}

std::string Phone::new_client_id() {
  return fmt::format("{}-{}", identity.device_id.substr(0, 20), ++mailbox.client_ids);
}

}  // namespace postern::phone
