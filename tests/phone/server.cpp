#include "tests/phone/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "tests/phone/expect.h"
#include "tests/support/kept_answers.h"

namespace postern::phone {

namespace {

constexpr std::string_view kWbxml = "application/vnd.ms-sync.wbxml";
constexpr std::string_view kMultipart = "application/vnd.ms-sync.multipart";
constexpr std::size_t kTraceOctetsMax = 200;

std::uint32_t little_endian(std::string_view octets, std::size_t at) {
  expect(at + 4 <= octets.size(), "a multipart answer is cut off");
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(octets[at + i]);
  return value;
}

// MS-ASCMD section 2.2.1.10.1: a count, then where each part begins and how long it is, then the parts.
std::vector<std::string> split_parts(const std::string& body) {
  std::vector<std::string> parts;
  const std::uint32_t count = little_endian(body, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t begin = little_endian(body, 4 + 8 * i);
    const std::uint32_t size = little_endian(body, 8 + 8 * i);
    expect(begin <= body.size() && size <= body.size() - begin, "a part lies outside of its answer");
    parts.push_back(body.substr(begin, size));
  }
  expect(!parts.empty(), "a multipart answer without parts");
  return parts;
}

// In the command's own element, where the gate tells its refusals as well.
int status_of(Element root) {
  for (const Element child : root) {
    if (element_name(child.tag()) != "Status") continue;
    return static_cast<int>(text::number(child.text(), 65535).value_or(0));
  }
  return 0;
}

void check_admission(const HttpAnswer& http, int status) {
  if (http.status == 449 || status == 165 || (status >= 142 && status <= 144)) throw PolicyNeeded{status};
  if (http.status == 403 || status == 177 || (status >= 126 && status <= 131))
    throw Refused(http.status, status);
  expect(http.status != 401, "the server does not take the password");
  if (http.status != 200) throw Broken(fmt::format("HTTP {}: {}", http.status, http.body.substr(0, 200)));
}

// For what the protocol has a remedy if an answer is lost.
bool is_repeatable(Command command) {
  return command == Command::sync || command == Command::folder_sync || command == Command::send_mail ||
         command == Command::smart_reply || command == Command::smart_forward;
}

// Key 0 asked again begins again, under another key.
bool begins(const Node& node) {
  const bool is_key = node.tag == "AirSync:SyncKey"_tag || node.tag == "FolderHierarchy:SyncKey"_tag;
  return (is_key && node.text == "0") || std::any_of(node.children.begin(), node.children.end(), begins);
}

}  // namespace

Refused::Refused(int http_status, int command_status)
    : std::runtime_error(fmt::format("refused: HTTP {}, status {}", http_status, command_status)),
      http(http_status),
      status(command_status) {}

Element Answer::root() const {
  expect(document.has_value(), "an empty answer where there must be one");
  return document->root();
}

Server::Server(const Profile& profile, ServerOptions options)
    : profile_(profile), options_(std::move(options)), http_(options_.target) {}

std::string Server::user() const {
  const std::string& address = options_.identity.address;
  if (profile_.user_form == UserForm::address) return address;
  const std::size_t at = address.find('@');
  return address.substr(at + 1) + '\\' + address.substr(0, at);
}

HttpRequest Server::request_for(Command command, const Parameters& parameters) const {
  QueryFacts facts;
  facts.command = command;
  facts.version = options_.version;
  facts.user = user();
  facts.device_id = as_device.empty() ? options_.identity.device_id : as_device;
  const bool tells_key = command != Command::ping || profile_.policy_key_on_ping;
  if (tells_key) facts.policy_key = policy_key;
  facts.parameters = parameters;
  HttpRequest request;
  request.target = fmt::format("{}?{}", options_.path, query_of(profile_, facts));
  if (!profile_.base64_query) {
    for (const auto& row : activesync::kProtocolVersions) {
      if (row.version == options_.version) request.fields.emplace_back("MS-ASProtocolVersion", row.name);
    }
    if (tells_key) request.fields.emplace_back("X-MS-PolicyKey", std::to_string(policy_key));
    if (profile_.accepts_multipart && command == Command::item_operations)
      request.fields.emplace_back("MS-ASAcceptMultiPart", "T");
  }
  if (profile_.accepts_gzip) request.fields.emplace_back("Accept-Encoding", "gzip");
  request.fields.emplace_back("User-Agent", profile_.user_agent);
  request.fields.emplace_back("Authorization",
                              "Basic " + text::base64(user() + ':' + options_.identity.password));
  return request;
}

HttpRequest Server::request_for(Command command, const Parameters& parameters,
                                const std::optional<Node>& node) const {
  HttpRequest request = request_for(command, parameters);
  if (!node) return request;
  request.fields.emplace_back("Content-Type", kWbxml);
  request.body = to_wbxml(*node, profile_.writing);
  if (!options_.trace) return request;
  if (const auto document = activesync::read(request.body)) trace("->", name_of(command), *document);
  return request;
}

Answer Server::understand(Command command, HttpAnswer http) const {
  Answer answer;
  answer.http = std::move(http);
  const std::string type = answer.http.field("content-type");
  std::string octets;
  if (type == kMultipart) {
    answer.parts = split_parts(answer.http.body);
    octets = answer.parts.front();
    answer.parts.erase(answer.parts.begin());
  } else if (type == kWbxml) {
    octets = answer.http.body;
  }
  if (!octets.empty()) {
    auto document = activesync::read(std::move(octets));
    expect(document.has_value(), std::string(name_of(command)) + ": the answer is no WBXML");
    answer.document = *std::move(document);
    if (options_.trace) trace("<-", name_of(command), *answer.document);
    if (tests::keeps_answers()) tests::keep_answer(xml_dump(*answer.document));
  } else if (options_.trace) {
    fmt::print(stderr, "<- {}: HTTP {}, empty\n", name_of(command), answer.http.status);
  }
  check_admission(answer.http, answer.document ? status_of(answer.document->root()) : 0);
  return answer;
}

void Server::trace(std::string_view direction, std::string_view what,
                   const activesync::Document& document) const {
  activesync::DumpOptions dump;
  dump.content_octets_max = kTraceOctetsMax;
  fmt::print(stderr, "{} {}\n{}", direction, what, xml_dump(document, dump));
}

Answer Server::ask_and_lose(Command command, const HttpRequest& request) {
  const HttpAnswer lost = http_.ask(request);
  http_.hang_up();
  HttpAnswer again = http_.ask(request);
  expect(again.status == lost.status && again.body == lost.body,
         std::string(name_of(command)) + ": asked again after a lost answer, the server says something else");
  return understand(command, std::move(again));
}

Answer Server::ask(Command command, const std::optional<Node>& request, const Parameters& parameters) {
  const HttpRequest http_request = request_for(command, parameters, request);
  const bool loses = options_.lose_answers && is_repeatable(command) && !(request && begins(*request));
  return loses ? ask_and_lose(command, http_request) : understand(command, http_.ask(http_request));
}

Answer Server::ask_with_message(Command command, std::string octets, const Parameters& parameters) {
  HttpRequest request = request_for(command, parameters);
  request.fields.emplace_back("Content-Type", "message/rfc822");
  request.body = std::move(octets);
  return options_.lose_answers ? ask_and_lose(command, request) : understand(command, http_.ask(request));
}

void Server::send(Command command, const std::optional<Node>& request) {
  http_.send(request_for(command, {}, request));
}

Answer Server::receive(Command command) {
  return understand(command, http_.receive());
}

HttpAnswer Server::ask_http(HttpRequest request, bool with_password) {
  request.fields.emplace_back("User-Agent", profile_.user_agent);
  if (with_password) {
    request.fields.emplace_back("Authorization",
                                "Basic " + text::base64(user() + ':' + options_.identity.password));
  }
  return http_.ask(request);
}

}  // namespace postern::phone
