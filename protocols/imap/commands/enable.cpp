// ENABLE (RFC 5161): what is not known, or is always on, is simply not listed. NAMESPACE (RFC 2342): one, the
// user's own.
#include <algorithm>
#include <array>

#include "gateway/base/text.h"
#include "protocols/imap/commands/run.h"
#include "protocols/imap/condstore.h"
#include "protocols/imap/response/mailboxes.h"

namespace postern::imap {

namespace {

// \Recent is of the past (RFC 9051, Appendix E).
void enable_rev2(Authenticated& user) {
  user.rev2 = true;
  if (user.session.selected) user.session.selected->view.disclaim_recent();
}

struct Switch {
  std::string_view name;
  void (*turn_on)(Authenticated& user);
};
constexpr std::array kSwitches{
    Switch{"CONDSTORE", enable_condstore},
    Switch{"QRESYNC", enable_qresync},
    Switch{"UIDONLY", [](Authenticated& user) { user.uid_only = true; }},
    Switch{"UTF8=ACCEPT", [](Authenticated& user) { user.utf8_accept = true; }},
    Switch{"IMAP4rev2", enable_rev2},
};

}  // namespace

Task<Answer> run(Authenticated& user, const Enable& command) {
  std::string enabled = "* ENABLED";
  for (const std::string& capability : command.capabilities) {
    const auto known = std::find_if(kSwitches.begin(), kSwitches.end(),
                                    [&](const Switch& one) { return text::same(one.name, capability); });
    if (known == kSwitches.end()) continue;
    const std::string name = ' ' + std::string(known->name);
    if ((enabled + ' ').find(name + ' ') != std::string::npos) continue;
    enabled += name;
    known->turn_on(user);
  }
  user.session.io.put(enabled + "\r\n");
  co_return ok("Enabled");
}

Task<Answer> run(Authenticated& user, const Namespace&) {
  print_namespace(user.session.io.output());
  co_return ok("That is all");
}

}  // namespace postern::imap
