#include "protocols/activesync/schema/policy.h"

namespace postern::activesync {

namespace {

struct Row {
  Tag tag;
  Policy::Value Policy::*member;
};
// In the order of Provision.xsd.
constexpr Row kRows[] = {
    {"Provision:DevicePasswordEnabled"_tag, &Policy::device_password_enabled},
    {"Provision:AlphanumericDevicePasswordRequired"_tag, &Policy::alphanumeric_device_password_required},
    {"Provision:PasswordRecoveryEnabled"_tag, &Policy::password_recovery_enabled},
    {"Provision:RequireStorageCardEncryption"_tag, &Policy::require_storage_card_encryption},
    {"Provision:AttachmentsEnabled"_tag, &Policy::attachments_enabled},
    {"Provision:MinDevicePasswordLength"_tag, &Policy::min_device_password_length},
    {"Provision:MaxInactivityTimeDeviceLock"_tag, &Policy::max_inactivity_time_device_lock_s},
    {"Provision:MaxDevicePasswordFailedAttempts"_tag, &Policy::max_device_password_failed_attempts},
    {"Provision:MaxAttachmentSize"_tag, &Policy::max_attachment_size_octets},
    {"Provision:AllowSimpleDevicePassword"_tag, &Policy::allow_simple_device_password},
    {"Provision:DevicePasswordExpiration"_tag, &Policy::device_password_expiration_days},
    {"Provision:DevicePasswordHistory"_tag, &Policy::device_password_history},
    {"Provision:AllowStorageCard"_tag, &Policy::allow_storage_card},
    {"Provision:AllowCamera"_tag, &Policy::allow_camera},
    {"Provision:RequireDeviceEncryption"_tag, &Policy::require_device_encryption},
    {"Provision:AllowUnsignedApplications"_tag, &Policy::allow_unsigned_applications},
    {"Provision:AllowUnsignedInstallationPackages"_tag, &Policy::allow_unsigned_installation_packages},
    {"Provision:MinDevicePasswordComplexCharacters"_tag, &Policy::min_device_password_complex_characters},
    {"Provision:AllowWiFi"_tag, &Policy::allow_wifi},
    {"Provision:AllowTextMessaging"_tag, &Policy::allow_text_messaging},
    {"Provision:AllowPOPIMAPEmail"_tag, &Policy::allow_pop_imap_email},
    {"Provision:AllowBluetooth"_tag, &Policy::allow_bluetooth},
    {"Provision:AllowIrDA"_tag, &Policy::allow_irda},
    {"Provision:RequireManualSyncWhenRoaming"_tag, &Policy::require_manual_sync_when_roaming},
    {"Provision:AllowDesktopSync"_tag, &Policy::allow_desktop_sync},
    {"Provision:MaxCalendarAgeFilter"_tag, &Policy::max_calendar_age_filter},
    {"Provision:AllowHTMLEmail"_tag, &Policy::allow_html_email},
    {"Provision:MaxEmailAgeFilter"_tag, &Policy::max_email_age_filter},
    {"Provision:MaxEmailBodyTruncationSize"_tag, &Policy::max_email_body_truncation_size},
    {"Provision:MaxEmailHTMLBodyTruncationSize"_tag, &Policy::max_email_html_body_truncation_size},
    {"Provision:RequireSignedSMIMEMessages"_tag, &Policy::require_signed_smime_messages},
    {"Provision:RequireEncryptedSMIMEMessages"_tag, &Policy::require_encrypted_smime_messages},
    {"Provision:RequireSignedSMIMEAlgorithm"_tag, &Policy::require_signed_smime_algorithm},
    {"Provision:RequireEncryptionSMIMEAlgorithm"_tag, &Policy::require_encryption_smime_algorithm},
    {"Provision:AllowSMIMEEncryptionAlgorithmNegotiation"_tag,
     &Policy::allow_smime_encryption_algorithm_negotiation},
    {"Provision:AllowSMIMESoftCerts"_tag, &Policy::allow_smime_soft_certs},
    {"Provision:AllowBrowser"_tag, &Policy::allow_browser},
    {"Provision:AllowConsumerEmail"_tag, &Policy::allow_consumer_email},
    {"Provision:AllowRemoteDesktop"_tag, &Policy::allow_remote_desktop},
    {"Provision:AllowInternetSharing"_tag, &Policy::allow_internet_sharing},
};

void write_list(Writer& out, Tag list, Tag item, const std::vector<std::string>& values) {
  if (values.empty()) return;
  const auto element = out.open(list);
  for (const std::string& value : values) out.text(item, value);
}

}  // namespace

void write_policy(Writer& out, const Policy& policy) {
  const auto document = out.open("Provision:EASProvisionDoc"_tag);
  for (const Row& row : kRows) {
    if (policy.*row.member) out.number(row.tag, *(policy.*row.member));
  }
  write_list(out, "Provision:UnapprovedInROMApplicationList"_tag, "Provision:ApplicationName"_tag,
             policy.unapproved_in_rom_applications);
  write_list(out, "Provision:ApprovedApplicationList"_tag, "Provision:Hash"_tag,
             policy.approved_application_hashes);
}

}  // namespace postern::activesync
