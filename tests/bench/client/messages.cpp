#include "tests/bench/client/messages.h"

#include <fmt/format.h>

#include <array>
#include <random>

namespace postern::bench {

namespace {

constexpr std::size_t kProseOctets = 1 << 20;
constexpr std::size_t kBase64Lines = 1 << 14;

constexpr std::array kWords{"the",      "meeting",  "report",   "please",   "attached", "invoice", "customer",
                            "Monday",   "project",  "with",     "and",      "review",   "budget",  "before",
                            "schedule", "delivery", "update",   "contract", "for",      "team",    "question",
                            "answer",   "version",  "document", "kind",     "regards",  "thanks",  "price",
                            "offer",    "order",    "shipment", "number",   "street",   "office",  "tomorrow",
                            "again",    "we",       "will",     "send",     "you"};

// Spreads neighbouring numbers; the same everywhere (splitmix64).
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31);
}

std::string make_prose() {
  std::mt19937 random(1);
  std::string prose;
  std::size_t column = 0;
  while (prose.size() < kProseOctets) {
    const std::string word = kWords[random() % kWords.size()];
    if (column + word.size() > 72) {
      prose += "\r\n";
      column = 0;
    }
    prose += word + " ";
    column += word.size() + 1;
  }
  return prose + "\r\n";
}

std::string make_base64() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::mt19937 random(2);
  std::string lines;
  for (std::size_t line = 0; line < kBase64Lines; ++line) {
    for (int i = 0; i < 76; ++i) lines += kAlphabet[random() % kAlphabet.size()];
    lines += "\r\n";
  }
  return lines;
}

std::string part(const std::string& boundary, const std::string& header, const std::string& body) {
  return "--" + boundary + "\r\n" + header + "\r\n\r\n" + body;
}

constexpr const char* kPlain =
    "Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 8bit";
constexpr const char* kHtml =
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable";

std::string html_of(const std::string& text) {
  return "<html><head><style type=3D\"text/css\">body { margin: 0 }</style></head><body>\r\n<p>" + text +
         "</p>\r\n</body></html>\r\n";
}

}  // namespace

Messages::Messages(Sizes sizes, std::string run, std::uint64_t given_octets)
    : sizes_(sizes),
      run_(std::move(run)),
      given_octets_(given_octets),
      prose_(make_prose()),
      base64_(make_base64()) {}

std::string Messages::message_id(std::uint64_t number) const {
  return fmt::format("<{}.{}@bench.example>", number, run_);
}

std::uint64_t Messages::size_of(std::uint64_t number) const {
  const std::uint64_t dice = mixed(number);
  const std::uint64_t part_of_range = (dice >> 32) % 1000;
  switch (sizes_) {
    case Sizes::small: return number % 4 == 3 ? 20'000 : 2'000;
    case Sizes::given: return given_octets_;
    case Sizes::mixed: break;
  }
  const std::uint64_t share = dice % 100;
  if (share < 50) return 2'000 + part_of_range * 14;
  if (share < 80) return 16'000 + part_of_range * 84;
  if (share < 97) return 100'000 + part_of_range * 200;
  return 500'000 + part_of_range * 3'500;
}

// Whole lines from somewhere in the prose.
std::string Messages::text(std::uint64_t seed, std::uint64_t octets) const {
  const std::uint64_t room = prose_.size() > octets ? prose_.size() - octets : 1;
  const auto begin = prose_.find("\r\n", mixed(seed) % room);
  const auto end = prose_.find("\r\n", std::min<std::uint64_t>(begin + 2 + octets, prose_.size() - 2));
  return prose_.substr(begin + 2, end - begin);
}

std::string Messages::attachment(std::uint64_t seed, std::uint64_t octets) const {
  std::string lines;
  lines.reserve(octets + 78);
  std::uint64_t from = (mixed(seed) % kBase64Lines) * 78;
  while (lines.size() < octets) {
    const std::uint64_t take =
        std::min<std::uint64_t>(base64_.size() - from, (octets - lines.size() + 77) / 78 * 78);
    lines.append(base64_, from, take);
    from = 0;
  }
  return lines;
}

std::string Messages::octets(std::uint64_t number) const {
  const std::uint64_t size = size_of(number);
  const bool rare_sender = number % kRareSenderEvery == 0;
  const std::string from = rare_sender
                               ? fmt::format("Rare Sender <{}>", kRareSender)
                               : fmt::format("\"Person {0}\" <person{0}@customers.example>", number % 397);
  const std::string subject = number % kRareSubjectEvery == 0
                                  ? fmt::format("Your {} no. {}", kRareSubject, number)
                                  : fmt::format("Re: {} {} {} [{}]", kWords[mixed(number) % kWords.size()],
                                                kWords[mixed(number + 1) % kWords.size()],
                                                kWords[mixed(number + 2) % kWords.size()], number);
  std::string message = fmt::format(
      "Received: from mx{0}.example.org (mx{0}.example.org [192.0.2.{0}])\r\n"
      "\tby relay.example.net (Postfix) with ESMTPS id 4Zy{1:010X}\r\n"
      "\tfor <reader@bench.test>; Mon, {2:02} Mar 2026 10:{3:02}:{4:02} +0000 (UTC)\r\n"
      "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=customers.example; s=s1;\r\n"
      "\th=from:to:subject:date:message-id:mime-version; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
      "\tb=dGhpcyBpcyBub3QgYSBzaWduYXR1cmUgYnV0IGFzIGxvbmcgYXMgb25lIHdvdWxkIGJl{1:010X}\r\n"
      "From: {5}\r\nTo: Reader <reader@bench.test>\r\nCc: team@customers.example\r\n"
      "Subject: {6}\r\nDate: Mon, {2:02} Mar 2026 10:{3:02}:{4:02} +0000\r\nMessage-ID: {7}\r\n"
      "In-Reply-To: <thread{8}@customers.example>\r\nReferences: <thread{8}@customers.example>\r\n"
      "X-Mailer: Example Mail 16.0\r\nMIME-Version: 1.0\r\n",
      number % 250, number, 1 + number % 28, number % 60, number / 60 % 60, from, subject, message_id(number),
      number / 7);
  const std::string word = number % kRareWordEvery == 0 ? std::string(kRareWord) + "\r\n" : std::string();
  const std::uint64_t room = size > message.size() + 600 ? size - message.size() - 600 : 200;
  const std::string inner = fmt::format("=_alternative_{}", number);
  const std::string alternative = "Content-Type: multipart/alternative; boundary=\"" + inner + "\"";
  const auto two_texts = [&](std::uint64_t octets) {
    const std::string plain = text(number, octets / 3);
    return part(inner, kPlain, word + plain) + part(inner, kHtml, html_of(text(number, octets * 2 / 3))) +
           "--" + inner + "--\r\n";
  };
  if (size <= 16'000 && number % 3 == 0) return message + kPlain + "\r\n\r\n" + word + text(number, room);
  if (size <= 16'000) return message + alternative + "\r\n\r\n" + two_texts(room);
  const std::string outer = fmt::format("=_mixed_{}", number);
  const std::string file = fmt::format(
      "Content-Type: application/pdf; name=\"report{0}.pdf\"\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename=\"report{0}.pdf\"",
      number);
  constexpr std::uint64_t kTextOctets = 6'000;
  return message + "Content-Type: multipart/mixed; boundary=\"" + outer + "\"\r\n\r\n" +
         part(outer, alternative, two_texts(kTextOctets)) +
         part(outer, file, attachment(number, room - kTextOctets)) + "--" + outer + "--\r\n";
}

}  // namespace postern::bench
