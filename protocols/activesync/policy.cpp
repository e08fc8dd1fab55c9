#include "protocols/activesync/policy.h"

#include <algorithm>

#include "config/policy_values.h"

namespace postern::activesync {

namespace {

constexpr std::uint32_t kPasswordFailuresMin = 4;  // MS-ASPROV section 2.2.2.32

// 0 in the settings is "no limit", which the element says by its absence.
Policy::Value limit(std::uint32_t value) {
  return value == 0 ? std::nullopt : Policy::Value(value);
}

}  // namespace

PolicySettings policy_settings_of(const Device& device, const PolicySettings& settings) {
  PolicySettings policy = settings;
  // A value that this release does not know is a later one's: passed over.
  for (const std::string& value : device.policy_values) (void)apply_policy_value(policy, value);
  return policy;
}

Policy policy_document(const PolicySettings& settings) {
  Policy policy;
  policy.device_password_enabled = settings.password_required;
  if (settings.password_required) {
    policy.alphanumeric_device_password_required = settings.password_alphanumeric;
    policy.allow_simple_device_password = settings.password_simple_allowed;
    policy.min_device_password_length = settings.password_length_min;
    policy.min_device_password_complex_characters = settings.password_character_kinds_min;
    policy.device_password_expiration_days = limit(settings.password_age_max_days);
    policy.device_password_history = settings.password_history;
    if (settings.password_failures_max != 0) {
      policy.max_device_password_failed_attempts =
          std::max(kPasswordFailuresMin, settings.password_failures_max);
    }
    policy.max_inactivity_time_device_lock_s = limit(settings.lock_after_s);
  }
  policy.require_device_encryption = settings.encryption_required;
  policy.require_storage_card_encryption = settings.card_encryption_required;
  policy.allow_storage_card = settings.card_allowed;
  policy.allow_camera = settings.camera_allowed;
  policy.allow_browser = settings.browser_allowed;
  policy.allow_wifi = settings.wifi_allowed;
  policy.attachments_enabled = settings.attachments_allowed;
  policy.max_attachment_size_octets = limit(settings.attachment_octets_max);
  policy.allow_html_email = settings.html_allowed;
  policy.max_email_age_filter = settings.mail_age_filter_max;
  return policy;
}

std::uint32_t policy_version(const PolicySettings& settings) {
  // FNV-1a: it must tell changes apart, not withstand anybody. What is as by default does not count: a
  // release with one value more must not send every device through Provision.
  std::uint32_t hash = 2166136261U;
  const std::vector<std::string> by_default = policy_values(PolicySettings());
  const std::vector<std::string> values = policy_values(settings);
  for (const std::string& value : values) {
    if (std::find(by_default.begin(), by_default.end(), value) != by_default.end()) continue;
    for (const char octet : value + '\n') hash = (hash ^ static_cast<unsigned char>(octet)) * 16777619U;
  }
  return hash == 0 ? 1 : hash;
}

}  // namespace postern::activesync
