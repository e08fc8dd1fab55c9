// Replies of an SMTP or LMTP server as values (RFC 5321 §4.2, RFC 2034), and what its EHLO announces
// (§4.1.1.1). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern::submission {

constexpr std::size_t kReplyTextOctetsMax = 500;  // kept of one

struct SmtpReply {
  int code = 0;                    // 200 … 599
  std::vector<std::string> lines;  // their texts

  bool is_positive() const { return code >= 200 && code < 400; }
  bool is_permanent() const { return code >= 500; }
  // "550 5.1.1 No such user": one line of UTF-8 without control octets, at most kReplyTextOctetsMax.
  std::string text() const;
};

struct ReplyLine {
  int code = 0;
  bool last = true;
  std::string text;
};
// "250-text", "250 text", "250". nullopt: no reply of an SMTP server.
std::optional<ReplyLine> parse_reply_line(std::string_view line);

// A reply of our own making, for what the server was never asked. `text` begins with an enhanced status.
SmtpReply own_reply(int code, std::string text);

// "5.1.1" of "550 5.1.1 …"; "5.0.0", "4.0.0" or "2.0.0" if there is none.
std::string status_of(std::string_view reply_text);

struct Capabilities {
  bool starttls = false;
  bool pipelining = false;
  bool eight_bit_mime = false;
  bool smtputf8 = false;
  bool dsn = false;
  std::optional<std::uint64_t> octets_max;  // SIZE with a number
  bool size = false;
  bool auth_plain = false;
  bool auth_login = false;
};
Capabilities capabilities_from(const SmtpReply& ehlo);

}  // namespace postern::submission
