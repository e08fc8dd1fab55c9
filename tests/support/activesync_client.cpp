#include "tests/support/activesync_client.h"

#include <map>
#include <sstream>
#include <stdexcept>

#include "gateway/base/text.h"
#include "protocols/activesync/wbxml/reader.h"
#include "protocols/activesync/wbxml/xml_dump.h"
#include "tests/support/kept_answers.h"
#include "tests/support/transcript_words.h"
#include "tests/support/wbxml_xml.h"

namespace postern::tests {

namespace {

struct Fields {
  std::map<std::string, std::string> all;  // names in lower case
  std::string find(const std::string& name) const {
    const auto found = all.find(name);
    return found == all.end() ? std::string() : found->second;
  }
};

Fields read_fields(TranscriptClient& client) {
  Fields fields;
  while (const auto line = client.line()) {
    if (line->empty()) return fields;
    const std::size_t colon = line->find(':');
    fields.all[text::to_lower(line->substr(0, colon))] = text::trim(line->substr(colon + 1));
  }
  throw std::runtime_error("the connection ends in the head of an answer");
}

std::string read_chunks(TranscriptClient& client) {
  std::string body;
  while (const auto line = client.line()) {
    const std::size_t size = std::stoul(*line, nullptr, 16);
    const std::string chunk = client.octets(size);
    client.line();
    if (size == 0) return body;
    body += chunk;
  }
  throw std::runtime_error("the connection ends in a body");
}

}  // namespace

std::string activesync_request(const std::string& words, const std::string& xml) {
  std::istringstream in(words);
  std::string command;
  in >> command;
  std::map<std::string, std::string> options = {
      {"version", "16.1"}, {"device", "phone1"}, {"user", "joe@example.test:secret"},
      {"policy", ""},      {"query", ""},        {"mime", ""},
      {"more", ""},        {"multipart", ""}};
  for (std::string word; in >> word;) {
    const std::size_t equals = word.find('=');
    options.at(word.substr(0, equals)) = word.substr(equals + 1);
  }
  std::string body;
  if (!xml.empty()) {
    auto octets = activesync::wbxml_from_xml(xml);
    if (!octets) throw std::runtime_error(octets.error().detail);
    body = *std::move(octets);
  }
  const bool is_mail = !options["mime"].empty();
  if (is_mail) body = corpus_message(options["mime"]);
  std::string query = options["query"];
  if (query.empty())
    query = "Cmd=" + command + "&User=joe&DeviceId=" + options["device"] + "&DeviceType=Transcript";
  if (!options["more"].empty()) query += '&' + options["more"];
  std::string request =
      "POST /Microsoft-Server-ActiveSync?" + query + " HTTP/1.1\r\nHost: mail.example.test\r\n";
  if (options["user"] != "none") request += "Authorization: Basic " + text::base64(options["user"]) + "\r\n";
  request += "MS-ASProtocolVersion: " + options["version"] + "\r\n";
  if (!options["policy"].empty()) request += "X-MS-PolicyKey: " + options["policy"] + "\r\n";
  if (!options["multipart"].empty()) request += "MS-ASAcceptMultiPart: " + options["multipart"] + "\r\n";
  const std::string type = is_mail ? "message/rfc822" : "application/vnd.ms-sync.wbxml";
  if (!body.empty()) request += "Content-Type: " + type + "\r\n";
  return request + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

namespace {

std::string xml_of_wbxml(std::string octets) {
  auto document = activesync::read(std::move(octets));
  if (!document) throw std::runtime_error("the answer is no WBXML: " + document.error().detail);
  std::string xml = activesync::xml_dump(*document);
  keep_answer(xml);
  return xml;
}

// MS-ASCMD section 2.2.1.10.1: count, then place and size of each, then the parts.
std::string xml_of_parts(const std::string& octets) {
  const auto number_at = [&octets](std::size_t at) {
    std::uint32_t number = 0;
    for (int i = 3; i >= 0; --i) number = number << 8 | static_cast<unsigned char>(octets.at(at + i));
    return number;
  };
  const auto part = [&](std::size_t index) {
    return octets.substr(number_at(4 + 8 * index), number_at(8 + 8 * index));
  };
  std::string xml = xml_of_wbxml(part(0));
  for (std::size_t i = 1; i < number_at(0); ++i) {
    xml += "<part>" + std::string(text::trim(part(i))) + "</part>\n";
  }
  return xml;
}

}  // namespace

ActiveSyncAnswer read_activesync_answer(TranscriptClient& client) {
  const auto line = client.line();
  if (!line || line->size() < 12) throw std::runtime_error("no answer");
  ActiveSyncAnswer answer;
  answer.status = std::stoi(line->substr(9, 3));
  const Fields fields = read_fields(client);
  std::string body;
  if (!fields.find("transfer-encoding").empty()) {
    body = read_chunks(client);
  } else if (const std::string length = fields.find("content-length"); !length.empty()) {
    body = client.octets(std::stoul(length));
  }
  if (body.empty()) return answer;
  const std::string type = fields.find("content-type");
  if (type == "application/vnd.ms-sync.wbxml") {
    answer.xml = xml_of_wbxml(std::move(body));
  } else {
    answer.xml = type == "application/vnd.ms-sync.multipart" ? xml_of_parts(body) : body;
  }
  return answer;
}

}  // namespace postern::tests
