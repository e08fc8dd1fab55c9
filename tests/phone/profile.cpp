#include "tests/phone/profile.h"

namespace postern::phone {

namespace {

using activesync::BodyPreference;
using activesync::BodyType;

BodyPreference body(BodyType type, std::optional<std::uint32_t> truncation_size = std::nullopt,
                    std::uint32_t preview_characters = 0) {
  BodyPreference wanted;
  wanted.type = type;
  wanted.truncation_size = truncation_size;
  wanted.preview_characters = preview_characters;
  return wanted;
}

Profile ios() {
  Profile phone;
  phone.name = "ios";
  phone.user_agent = "Apple-iPhone15C2/2208.100";
  phone.device_type = "iPhone";
  phone.model = "iPhone15C2";
  phone.os = "iOS 18.4.1 22E252";
  phone.command_last_in_query = true;
  phone.options_in_first_sync = true;
  phone.window_size = 25;
  phone.filter_type = 5;
  phone.mime_support = 1;  // MIME for what is signed
  phone.bodies = {body(BodyType::plain_text, 500, 255), body(BodyType::mime, 20'480)};
  phone.refetch = Refetch::item_operations;
  phone.push = Push::waiting_sync;
  phone.heartbeat_s = 470;
  return phone;
}

Profile gmail() {
  Profile phone;
  phone.name = "gmail";
  phone.user_agent = "Android-Mail/2025.11.02";
  phone.device_type = "Android";
  phone.model = "Pixel 9";
  phone.os = "Android 16";
  phone.validates_first = true;
  phone.policy_key_on_ping = false;
  phone.accepts_gzip = true;
  phone.window_size = 10;
  phone.filter_type = 3;
  phone.bodies = {body(BodyType::html, 200'000)};
  phone.heartbeat_s = 480;
  return phone;
}

Profile outlook() {
  Profile phone;
  phone.name = "outlook";
  phone.user_agent = "Outlook-iOS-Android/1.0";
  phone.device_type = "Outlook";
  phone.model = "Outlook for iOS and Android";
  phone.os = "Outlook for iOS and Android 1.0";
  phone.discovery = Discovery::json;
  phone.base64_query = true;
  phone.accepts_gzip = true;
  phone.accepts_multipart = true;
  phone.writing.own_order = true;
  phone.folders_together = true;
  phone.empty_sync_when_quiet = true;
  phone.window_size = 512;
  phone.filter_type = 5;
  phone.mime_support = 2;
  phone.bodies = {body(BodyType::html, 51'200), body(BodyType::mime)};
  phone.refetch = Refetch::item_operations;
  phone.heartbeat_s = 180;
  return phone;
}

Profile nine() {
  Profile phone;
  phone.name = "nine";
  phone.user_agent = "Nine-Pixel9/4.9.6";
  phone.device_type = "Android";
  phone.model = "Pixel 9";
  phone.os = "Android 16";
  phone.user_form = UserForm::domain_first;
  phone.discovery = Discovery::json;
  phone.writing.unknown_elements = true;
  phone.options_in_first_sync = true;
  phone.window_size = 50;
  phone.filter_type = 4;
  phone.bodies = {body(BodyType::html, 1'024), body(BodyType::plain_text, 512)};
  phone.refetch = Refetch::sync;
  phone.heartbeat_s = 840;
  return phone;
}

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> all = {ios(), gmail(), outlook(), nine()};
  return all;
}

}  // namespace

const Profile* find_profile(std::string_view name) {
  for (const Profile& one : profiles()) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::vector<std::string_view> profile_names() {
  std::vector<std::string_view> names;
  for (const Profile& one : profiles()) names.push_back(one.name);
  return names;
}

}  // namespace postern::phone
