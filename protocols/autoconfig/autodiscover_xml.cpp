#include "protocols/autoconfig/autodiscover_xml.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "gateway/base/text.h"

namespace postern::autoconfig {

namespace {

constexpr const char* kMobileSync =
    "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";
constexpr const char* kResponse = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";

// Comments and CDATA sections begin alike; nothing else that does is wanted.
bool has_declaration(std::string_view xml) {
  for (std::size_t at = xml.find("<!"); at != std::string_view::npos; at = xml.find("<!", at + 2)) {
    const std::string_view rest = xml.substr(at + 2);
    if (!rest.starts_with("--") && !rest.starts_with("[CDATA[")) return true;
  }
  return false;
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([name](const pugi::xml_node& node) { return local_name(node) == name; });
}

bool too_deep(const pugi::xml_document& document) {
  struct Walker : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() < static_cast<int>(kAutodiscoverDepthMax); }
  } walker;
  return !const_cast<pugi::xml_document&>(document).traverse(walker);
}

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return out.str();
}

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(text.c_str());
}

pugi::xml_node begin(pugi::xml_document& document) {
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "utf-8";
  auto root = document.append_child("Autodiscover");
  root.append_attribute("xmlns") = kResponse;
  return root.append_child("Response");
}

}  // namespace

Wanted read_autodiscover(std::string_view xml) {
  if (xml.size() > kAutodiscoverOctetsMax) return Wanted::unreadable;
  // In another encoding a declaration would not be seen.
  if (xml.find('\0') != std::string_view::npos || has_declaration(xml)) return Wanted::forbidden;
  if (!text::is_utf8(xml)) return Wanted::unreadable;
  pugi::xml_document document;
  const auto parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed || too_deep(document)) return Wanted::unreadable;
  const pugi::xml_node request = child(child(document, "Autodiscover"), "Request");
  const std::string_view address = child(request, "EMailAddress").child_value();
  if (address.find('@') == std::string_view::npos) return Wanted::unreadable;
  const pugi::xml_node schema = child(request, "AcceptableResponseSchema");
  if (!schema) return Wanted::mobile_sync;
  return text::same(text::trim(schema.child_value()), kMobileSync) ? Wanted::mobile_sync
                                                                   : Wanted::another_schema;
}

std::string autodiscover_answer(const std::string& address, const std::string& url) {
  pugi::xml_document document;
  pugi::xml_node response = begin(document);
  response.append_attribute("xmlns") = kMobileSync;
  add_text(response, "Culture", "en:us");
  auto user = response.append_child("User");
  add_text(user, "DisplayName", address);
  add_text(user, "EMailAddress", address);
  auto server = response.append_child("Action").append_child("Settings").append_child("Server");
  add_text(server, "Type", "MobileSync");
  add_text(server, "Url", url);
  add_text(server, "Name", url);
  return text_of(document);
}

std::string autodiscover_error(int code, WallTime now) {
  const std::chrono::hh_mm_ss time(
      std::chrono::floor<std::chrono::seconds>(now - std::chrono::floor<std::chrono::days>(now)));
  pugi::xml_document document;
  auto error = begin(document).append_child("Error");
  error.append_attribute("Time") =
      fmt::format("{:02}:{:02}:{:02}", time.hours().count(), time.minutes().count(), time.seconds().count())
          .c_str();
  error.append_attribute("Id") = "0";
  add_text(error, "ErrorCode", std::to_string(code));
  add_text(error, "Message", code == 601 ? "Provider is not available" : "Invalid Request");
  error.append_child("DebugData");
  return text_of(document);
}

}  // namespace postern::autoconfig
