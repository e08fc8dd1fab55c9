// How a phone finds the server and what it speaks: Autodiscover (MS-OXDSCLI, MS-ASCMD section 2.2.1.1) and
// OPTIONS (MS-ASHTTP section 2.2.3).
#include <fmt/format.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "tests/phone/phone.h"

namespace postern::phone {

namespace {

// A command that OPTIONS does not announce is not used by real phones.
constexpr const char* kNeeded[] = {
    "FolderSync",      "Sync",         "Ping",         "Provision",    "Settings",
    "GetItemEstimate", "FolderCreate", "FolderUpdate", "FolderDelete", "MoveItems",
    "ItemOperations",  "Search",       "SendMail",     "SmartReply",   "SmartForward"};

constexpr std::string_view kPath = "/Microsoft-Server-ActiveSync";
constexpr std::string_view kSchema = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/";

HttpAnswer ask_for_xml(Phone& phone) {
  HttpRequest request;
  request.target = "/autodiscover/autodiscover.xml";
  request.fields.emplace_back("Content-Type", "text/xml");
  request.body = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Autodiscover xmlns=\"{0}requestschema/2006\"><Request>"
      "<EMailAddress>{1}</EMailAddress><AcceptableResponseSchema>{0}responseschema/2006"
      "</AcceptableResponseSchema></Request></Autodiscover>",
      kSchema, phone.identity.address);
  return phone.server.ask_http(std::move(request));
}

HttpAnswer ask_for_json(Phone& phone) {
  HttpRequest request;
  request.method = "GET";
  request.target = fmt::format("/autodiscover/autodiscover.json?Email={}&Protocol=ActiveSync&RedirectCount=1",
                               phone.identity.address);
  return phone.server.ask_http(std::move(request), false);
}

HttpRequest options_request() {
  HttpRequest request;
  request.method = "OPTIONS";
  request.target = kPath;
  return request;
}

std::string version_name(ProtocolVersion version) {
  for (const auto& row : activesync::kProtocolVersions) {
    if (row.version == version) return std::string(row.name);
  }
  return {};
}

}  // namespace

void discover(Phone& phone) {
  const bool as_json = phone.profile.discovery == Discovery::json;
  const HttpAnswer answer = as_json ? ask_for_json(phone) : ask_for_xml(phone);
  expect(answer.status == 200, fmt::format("Autodiscover: HTTP {}", answer.status));
  const bool tells = answer.body.find(kPath) != std::string::npos;
  expect(tells, "Autodiscover tells no address: " + answer.body);
  const std::string_view name = as_json ? "\"Protocol\":\"ActiveSync\"" : "<Type>MobileSync</Type>";
  expect(answer.body.find(name) != std::string::npos, "Autodiscover tells of another protocol");
}

void ask_options(Phone& phone) {
  // Some send the password only when they are asked for it.
  const HttpAnswer challenge = phone.server.ask_http(options_request(), false);
  expect(challenge.status == 401, "OPTIONS without a password is not refused with 401");
  expect(challenge.field("www-authenticate").starts_with("Basic"), "no challenge of Basic");

  const HttpAnswer answer = phone.server.ask_http(options_request());
  if (answer.status == 403) throw Refused(answer.status, 0);
  expect(answer.status == 200, fmt::format("OPTIONS: HTTP {}", answer.status));
  const std::string versions = answer.field("ms-asprotocolversions");
  const std::string commands = answer.field("ms-asprotocolcommands");
  expect(!versions.empty() && !commands.empty(), "OPTIONS tells no versions or no commands");
  const auto list = text::split(versions, ',');
  // Some take the last one that they know.
  const auto by_number = [](std::string_view a, std::string_view b) {
    return std::stod(std::string(a)) < std::stod(std::string(b));
  };
  expect(std::is_sorted(list.begin(), list.end(), by_number), "versions out of order: " + versions);
  const bool is_served = std::find(list.begin(), list.end(), version_name(phone.version)) != list.end();
  expect(is_served, version_name(phone.version) + " is not among the versions: " + versions);
  phone.announced.clear();
  for (const std::string_view command : text::split(commands, ','))
    phone.announced.emplace(text::trim(command));
  for (const char* needed : kNeeded)
    expect(phone.announced.contains(needed), std::string(needed) + " is not announced");
}

}  // namespace postern::phone
