#include "protocols/demo/phone_line.h"

#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "protocols/http/chunk_decoder.h"

namespace postern::demo {

namespace {

constexpr std::uint64_t kBodyOctetsMax = 4 * 1024 * 1024;
constexpr std::size_t kShownOctetsMax = 80;  // of an element's content

std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (!text::starts_with_same(line, name) || line.size() <= name.size() || line[name.size()] != ':')
    return {};
  return text::trim(line.substr(name.size() + 1));
}

int status_of(std::string_view status_line) {
  const auto words = text::split(status_line, ' ');
  return words.size() > 1 ? static_cast<int>(text::number(words[1], 999).value_or(0)) : 0;
}

}  // namespace

Task<Result<PhoneAnswer>> PhoneLine::ask(std::string command, std::string policy_key, std::string body,
                                         Deadline deadline) {
  if (!wire_) {
    CO_TRY(wire_, co_await Wire::open(scene_, stage_, stage_.settings.http.endpoints, "implicit"));
  }
  std::string target =
      fmt::format("/Microsoft-Server-ActiveSync?Cmd={}&User={}&DeviceId=demopage&DeviceType=PosternDemo",
                  command, stage_.mailbox.address);
  CO_TRY_VOID(co_await tell(Speaker::client, "POST " + target, body));
  CO_TRY_VOID(co_await send(std::move(target), policy_key, body));
  co_return co_await receive(deadline);
}

Task<Result<void>> PhoneLine::send(std::string target, std::string_view policy_key, std::string_view body) {
  const std::string user = stage_.mailbox.address + ':' + std::string(stage_.mailbox.password.reveal());
  std::string octets = fmt::format(
      "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {}\r\nMS-ASProtocolVersion: 16.1\r\n"
      "X-MS-PolicyKey: {}\r\nUser-Agent: Postern-Demo/1.0\r\nContent-Type: application/vnd.ms-sync.wbxml\r\n"
      "Content-Length: {}\r\n\r\n",
      target, stage_.settings.server.hostname, text::base64(user), policy_key, body.size());
  octets += body;
  co_return co_await wire_->send_octets(octets);
}

Task<Result<PhoneAnswer>> PhoneLine::receive(Deadline deadline) {
  CO_TRY(std::string status_line, co_await wire_->read_silently(deadline));
  PhoneAnswer answer;
  answer.status = status_of(status_line);
  std::uint64_t octets = 0;
  bool chunked = false;
  bool is_wbxml = false;
  bool closes = false;
  for (;;) {
    CO_TRY(const std::string line, co_await wire_->read_silently());
    if (line.empty()) break;
    if (const auto value = value_of(line, "Content-Length"))
      octets = text::number(*value, kBodyOctetsMax).value_or(0);
    if (const auto value = value_of(line, "Transfer-Encoding")) chunked = text::same(*value, "chunked");
    if (const auto value = value_of(line, "Connection")) closes = text::same(*value, "close");
    if (const auto value = value_of(line, "Content-Type"))
      is_wbxml = *value == "application/vnd.ms-sync.wbxml";
  }
  std::string body;
  if (chunked) {
    CO_TRY(body, co_await chunked_body(deadline));
  } else if (octets > 0) {
    CO_TRY(body, co_await wire_->read_octets(octets));
  }
  if (closes) wire_.reset();
  if (!is_wbxml) body.clear();
  CO_TRY_VOID(co_await tell(Speaker::server, std::move(status_line), body));
  if (body.empty()) co_return answer;
  CO_TRY(answer.document, activesync::read(std::move(body)));
  co_return answer;
}

Task<Result<std::string>> PhoneLine::chunked_body(Deadline deadline) {
  std::string body;
  http::ChunkDecoder decoder;
  while (!decoder.ended()) {
    CO_TRY(const std::string_view some, co_await wire_->read_some(deadline));
    wire_->give_back(some.substr(decoder.feed(some, body)));
    const bool broken = decoder.failed() || body.size() > kBodyOctetsMax;
    if (broken) co_return Error(ErrorKind::invalid, "the server's answer is broken");
  }
  co_return body;
}

Task<Result<void>> PhoneLine::tell(Speaker who, std::string line, const std::string& body) {
  if (!body.empty()) {
    activesync::DumpOptions options;
    options.content_octets_max = kShownOctetsMax;
    if (const auto document = activesync::read(body)) line += '\n' + activesync::xml_dump(*document, options);
  }
  co_return co_await scene_.said(who, std::move(line));
}

}  // namespace postern::demo
