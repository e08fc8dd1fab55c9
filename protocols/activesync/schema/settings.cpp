#include "protocols/activesync/schema/settings.h"

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/writer.h"

namespace postern::activesync {

namespace {

void take_oof(Element element, SettingsRequest& request) {
  if (const auto get = element.find("Settings:Get"_tag)) {
    request.get_oof = true;
    const auto type = get->find("Settings:BodyType"_tag);
    if (type) request.oof_body = text::same(type->text(), "HTML") ? OofBody::html : OofBody::text;
  }
  const auto set = element.find("Settings:Set"_tag);
  if (!set) return;
  auto oof = read_oof(*set);
  if (oof) {
    request.set_oof = std::move(*oof);
  } else {
    request.oof_refused = oof.refusal();
  }
}

void take_device_password(Element element, SettingsRequest& request) {
  const auto set = element.find("Settings:Set"_tag);
  const auto password = set ? set->find("Settings:Password"_tag) : std::nullopt;
  if (!password) {
    request.device_password_refused = SettingsStatus::protocol_error;
  } else if (password->text().size() > kDevicePasswordOctetsMax) {
    request.device_password_refused = SettingsStatus::invalid_arguments;
  } else {
    request.device_password = Secret{std::string(password->text())};
  }
}

void write_user_information(Writer& out, const UserInformation& user, ProtocolVersion version) {
  const auto element = out.open("Settings:UserInformation"_tag);
  out.number("Settings:Status"_tag, Status(SettingsStatus::ok).code);
  const auto get = out.open("Settings:Get"_tag);
  const auto write_addresses = [&out, &user, version] {
    const auto addresses = out.open("Settings:EmailAddresses"_tag);
    for (const std::string& address : user.addresses) out.text("Settings:SMTPAddress"_tag, address);
    if (version >= ProtocolVersion::v14_1) out.text("Settings:PrimarySmtpAddress"_tag, user.primary_address);
  };
  // Since 14.1 the addresses are those of an account, of which the primary one has no id (R729).
  if (version < ProtocolVersion::v14_1) return write_addresses();
  const auto accounts = out.open("Settings:Accounts"_tag);
  const auto account = out.open("Settings:Account"_tag);
  if (!user.user_display_name.empty()) out.text("Settings:UserDisplayName"_tag, user.user_display_name);
  write_addresses();
}

}  // namespace

Parsed<SettingsRequest> read_settings(Element root) {
  SettingsRequest request;
  for (const Element child : root) {
    switch (child.tag()) {
      case "Settings:Oof"_tag: take_oof(child, request); break;
      case "Settings:DeviceInformation"_tag:
        request.device_information = read_device_information(child);
        break;
      case "Settings:DevicePassword"_tag: take_device_password(child, request); break;
      case "Settings:UserInformation"_tag: request.get_user_information = true; break;
      case "Settings:RightsManagementInformation"_tag: request.get_rights_management = true; break;
      default: break;
    }
  }
  if (!root.has_children()) return SettingsStatus::protocol_error;
  return request;
}

void write(std::string& out, const SettingsResponse& response, ProtocolVersion version) {
  Writer writer(out);
  const auto root = writer.open("Settings:Settings"_tag);
  writer.number("Settings:Status"_tag, response.status.code);
  if (response.status != Status(SettingsStatus::ok)) return;
  const auto write_status = [&writer](Tag tag, const std::optional<Status>& status) {
    if (!status) return;
    const auto element = writer.open(tag);
    writer.number("Settings:Status"_tag, status->code);
  };
  if (response.oof_status) {
    const auto oof = writer.open("Settings:Oof"_tag);
    writer.number("Settings:Status"_tag, response.oof_status->code);
    if (response.oof) write_oof(writer, *response.oof);
  }
  write_status("Settings:DeviceInformation"_tag, response.device_information_status);
  write_status("Settings:DevicePassword"_tag, response.device_password_status);
  if (response.user_information) write_user_information(writer, *response.user_information, version);
  if (!response.rights_management_status) return;
  const auto rights = writer.open("Settings:RightsManagementInformation"_tag);
  writer.number("Settings:Status"_tag, response.rights_management_status->code);
  const auto get = writer.open("Settings:Get"_tag);
  writer.empty("RightsManagement:RightsManagementTemplates"_tag);
}

}  // namespace postern::activesync
