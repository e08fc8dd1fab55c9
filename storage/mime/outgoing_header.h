// The header of a message that a user sends, made fit to leave (RFC 6409 §8, RFC 5322 §3.6): blind recipients
// and traces removed, everything else byte-exact. Whether its originators may be used is the caller's affair.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "storage/mime/part.h"

namespace postern::mime {

constexpr std::size_t kOutgoingHeaderOctetsMax = 256 * 1024;
constexpr std::size_t kOutgoingAddressesMax = 10'000;

struct OutgoingHeader {
  std::string kept;                      // without Bcc, Resent-Bcc, Return-Path; ends with the empty line
  std::vector<std::string> originators;  // addresses of From, Sender and their Resent- forms
  std::vector<std::string> recipients;   // addresses of To, Cc, Bcc, each once
  std::optional<std::string> message_id;
  bool has_date = false;
  bool has_from = false;
  bool has_utf8 = false;  // needs RFC 6531 and 6532
};

// `block`: lines that end in CRLF, with or without the empty line. invalid, with the reason in words that may
// be told: a line that is no field, a From or Sender that stands twice or names nobody, octets that are no
// UTF-8.
Result<OutgoingHeader> read_outgoing_header(std::string_view block);

}  // namespace postern::mime
