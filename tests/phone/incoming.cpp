// A letter from elsewhere: text longer than phones ask for at once, and an attachment of every octet there
// is.
#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <ctime>

#include "gateway/base/text.h"
#include "tests/bench/client/line_dialogue.h"
#include "tests/phone/phone.h"

namespace postern::phone {

namespace {

constexpr std::size_t kTextLines = 1200;  // of about 60 octets
constexpr std::size_t kBase64LineOctets = 76;

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text;
}

std::string base64_lines(const std::string& octets) {
  const std::string base64 = text::base64(octets);
  std::string lines;
  for (std::size_t at = 0; at < base64.size(); at += kBase64LineOctets)
    lines += base64.substr(at, kBase64LineOctets) + "\r\n";
  return lines;
}

}  // namespace

std::string word_of(const std::string& subject) {
  std::string word = "zq";
  for (const char c : subject) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) word += text::lower(c);
  }
  return word;
}

std::string attachment_octets() {
  std::string octets;
  for (int i = 0; i < 3000; ++i) octets += static_cast<char>(i % 256);
  return octets;
}

void deliver(const Phone& phone, const std::string& subject) {
  expect(phone.incoming.has_value(), "--lmtp says where mail comes in, and is missing");
  static unsigned number = 0;
  const auto ticks = std::chrono::system_clock::now().time_since_epoch().count();
  std::string octets = fmt::format(
      "From: Sender <sender@example.org>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\n"
      "Message-ID: <{}.{}@phone.example>\r\nMIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=\"b0\"\r\n\r\n"
      "--b0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWord: {}\r\n",
      phone.identity.address, subject, date_now(), ticks, ++number, word_of(subject));
  for (std::size_t i = 0; i < kTextLines; ++i)
    octets += fmt::format("Line {} of a letter that no small screen shows at once.\r\n", i);
  octets += fmt::format(
      "The end.\r\n--b0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=\"{}\"\r\n\r\n{}--b0--\r\n",
      kAttachmentName, base64_lines(attachment_octets()));
  bench::Lmtp lmtp(*phone.incoming);
  lmtp.deliver(phone.identity.address, octets);
}

}  // namespace postern::phone
