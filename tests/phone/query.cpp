#include "tests/phone/query.h"

#include <fmt/format.h>

#include "gateway/base/text.h"

namespace postern::phone {

namespace {

constexpr char kLocale[] = {0x09, 0x04};  // English (United States), least octet first

std::string percent_encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool plain = text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '.' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string text_query(const Profile& profile, const QueryFacts& facts) {
  const std::string command = fmt::format("Cmd={}", name_of(facts.command));
  std::string rest = fmt::format("User={}&DeviceId={}&DeviceType={}", percent_encoded(facts.user),
                                 facts.device_id, percent_encoded(profile.device_type));
  const auto add = [&rest](std::string_view name, const std::string& value) {
    if (!value.empty()) rest += fmt::format("&{}={}", name, percent_encoded(value));
  };
  add("AttachmentName", facts.parameters.attachment_name);
  add("CollectionId", facts.parameters.collection_id);
  add("ItemId", facts.parameters.item_id);
  if (facts.parameters.save_in_sent) rest += "&SaveInSent=T";
  return profile.command_last_in_query ? rest + '&' + command : command + '&' + rest;
}

void append_counted(std::string& out, std::string_view value) {
  out += static_cast<char>(value.size());
  out += value;
}

void append_parameter(std::string& out, char tag, std::string_view value) {
  if (value.empty()) return;
  out += tag;
  append_counted(out, value);
}

std::string packed_query(const Profile& profile, const QueryFacts& facts) {
  std::string out;
  out += static_cast<char>(facts.version);
  out += static_cast<char>(facts.command);
  out.append(kLocale, sizeof kLocale);
  append_counted(out, facts.device_id);
  std::string key;
  for (unsigned shift = 0; facts.policy_key && shift < 32; shift += 8) {
    key += static_cast<char>(*facts.policy_key >> shift & 0xFF);
  }
  append_counted(out, key);
  append_counted(out, profile.device_type);
  append_parameter(out, 0, facts.parameters.attachment_name);
  append_parameter(out, 1, facts.parameters.collection_id);
  append_parameter(out, 3, facts.parameters.item_id);
  const int flags = (facts.parameters.save_in_sent ? 0x01 : 0) | (profile.accepts_multipart ? 0x02 : 0);
  if (flags != 0) append_parameter(out, 7, std::string(1, static_cast<char>(flags)));
  append_parameter(out, 8, facts.user);
  return text::base64(out);
}

}  // namespace

std::string query_of(const Profile& profile, const QueryFacts& facts) {
  return profile.base64_query ? packed_query(profile, facts) : text_query(profile, facts);
}

}  // namespace postern::phone
