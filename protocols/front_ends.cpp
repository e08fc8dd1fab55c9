#include "protocols/front_ends.h"

#include "protocols/imap/imap_front_end.h"
#include "protocols/lmtp/lmtp_front_end.h"
#include "protocols/pop3/pop3_front_end.h"

namespace postern {

std::vector<std::unique_ptr<FrontEnd>> make_front_ends(const Settings& settings, Services services) {
  std::vector<std::unique_ptr<FrontEnd>> doors;
  if (settings.lmtp.enabled) doors.push_back(std::make_unique<lmtp::LmtpFrontEnd>(settings, services));
  if (settings.pop3.enabled) doors.push_back(std::make_unique<pop3::Pop3FrontEnd>(settings, services));
  if (settings.imap.enabled) doors.push_back(std::make_unique<imap::ImapFrontEnd>(settings, services));
  return doors;
}

}  // namespace postern
