// The settings of a policy, as EASProvisionDoc lists them. MS-ASPROV section 2.2.2.28. What is absent is not
// said to the device. Every version that is served (12.1 and later) knows all of them; older ones did not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

struct Policy {
  using Value = std::optional<std::uint32_t>;  // booleans are 0 and 1
  Value device_password_enabled, alphanumeric_device_password_required, password_recovery_enabled,
      require_storage_card_encryption, attachments_enabled, min_device_password_length,
      max_inactivity_time_device_lock_s, max_device_password_failed_attempts, max_attachment_size_octets,
      allow_simple_device_password, device_password_expiration_days, device_password_history,
      allow_storage_card, allow_camera, require_device_encryption, allow_unsigned_applications,
      allow_unsigned_installation_packages, min_device_password_complex_characters, allow_wifi,
      allow_text_messaging, allow_pop_imap_email, allow_bluetooth, allow_irda,
      require_manual_sync_when_roaming, allow_desktop_sync, max_calendar_age_filter, allow_html_email,
      max_email_age_filter, max_email_body_truncation_size, max_email_html_body_truncation_size,
      require_signed_smime_messages, require_encrypted_smime_messages, require_signed_smime_algorithm,
      require_encryption_smime_algorithm, allow_smime_encryption_algorithm_negotiation,
      allow_smime_soft_certs, allow_browser, allow_consumer_email, allow_remote_desktop,
      allow_internet_sharing;
  std::vector<std::string> unapproved_in_rom_applications;
  std::vector<std::string> approved_application_hashes;  // base64 of SHA-1
  friend bool operator==(const Policy&, const Policy&) = default;
};

void write_policy(Writer& out, const Policy& policy);

}  // namespace postern::activesync
