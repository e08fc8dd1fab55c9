#include "protocols/submission/smtp_reply.h"

#include <algorithm>

#include "gateway/base/text.h"

namespace postern::submission {

namespace {

bool is_number(std::string_view digits, std::size_t digits_max) {
  return !digits.empty() && digits.size() <= digits_max &&
         std::all_of(digits.begin(), digits.end(), text::is_digit);
}

}  // namespace

std::string SmtpReply::text() const {
  std::string all = std::to_string(code);
  for (const std::string& line : lines) {
    all += ' ';
    all += line;
  }
  all.resize(std::min(all.size(), kReplyTextOctetsMax));
  const bool readable = text::is_utf8(all);
  for (char& c : all) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < ' ' || octet == 0x7F || (octet >= 0x80 && !readable)) c = '?';
  }
  return all;
}

std::optional<ReplyLine> parse_reply_line(std::string_view line) {
  const auto code = text::number(line.substr(0, 3), 599);
  if (line.size() < 3 || !is_number(line.substr(0, 3), 3) || !code || *code < 200) return std::nullopt;
  ReplyLine reply;
  reply.code = static_cast<int>(*code);
  if (line.size() == 3) return reply;
  if (line[3] != ' ' && line[3] != '-') return std::nullopt;
  reply.last = line[3] == ' ';
  reply.text = line.substr(4);
  return reply;
}

SmtpReply own_reply(int code, std::string text) {
  SmtpReply reply;
  reply.code = code;
  reply.lines.push_back(std::move(text));
  return reply;
}

std::string status_of(std::string_view reply_text) {
  const std::string kind(reply_text.substr(0, 1));
  if (reply_text.size() > 4) {
    const std::string_view rest = reply_text.substr(4);
    const std::string_view word = rest.substr(0, rest.find(' '));
    const auto parts = text::split(word, '.');
    if (parts.size() == 3 && parts[0] == kind && is_number(parts[1], 3) && is_number(parts[2], 3)) {
      return std::string(word);
    }
  }
  return kind == "2" || kind == "4" ? kind + ".0.0" : "5.0.0";
}

Capabilities capabilities_from(const SmtpReply& ehlo) {
  Capabilities known;
  for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {  // the first is a greeting
    const auto words = text::split(ehlo.lines[i], ' ');
    const std::string_view name = words.front();
    known.starttls = known.starttls || text::same(name, "STARTTLS");
    known.pipelining = known.pipelining || text::same(name, "PIPELINING");
    known.eight_bit_mime = known.eight_bit_mime || text::same(name, "8BITMIME");
    known.smtputf8 = known.smtputf8 || text::same(name, "SMTPUTF8");
    known.dsn = known.dsn || text::same(name, "DSN");
    if (text::same(name, "SIZE")) {
      known.size = true;
      // 0: no fixed limit (RFC 1870 §4).
      if (words.size() > 1) known.octets_max = text::number(words[1]);
      if (known.octets_max == 0) known.octets_max.reset();
    }
    if (!text::same(name, "AUTH")) continue;
    for (const std::string_view mechanism : words) {
      known.auth_plain = known.auth_plain || text::same(mechanism, "PLAIN");
      known.auth_login = known.auth_login || text::same(mechanism, "LOGIN");
    }
  }
  return known;
}

}  // namespace postern::submission
