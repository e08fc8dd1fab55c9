// Apple's configuration profile (.mobileconfig): a property list that iPhones and Macs make an account of.
// "Configuration Profile Reference", payloads com.apple.mail.managed and com.apple.eas.account. No password
// stands in it: the device asks for it. The same question has the same identifiers, so a profile that comes
// again replaces itself.
#pragma once

#include <string>

#include "gateway/base/result.h"
#include "protocols/autoconfig/client_settings.h"

namespace postern::autoconfig {

enum class ProfileKind : std::uint8_t { imap, pop3, mobile_sync };

// not_found: the server does not have what the profile would be for.
Result<std::string> apple_profile(const ClientSettings& settings, const std::string& address,
                                  ProfileKind kind);

}  // namespace postern::autoconfig
