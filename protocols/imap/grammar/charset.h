// The charsets in which a SEARCH may be written (RFC 3501 §6.4.4), turned into UTF-8. Only those on the list:
// stateful encodings and UTF-7 give nothing to a mail client of today and much to an attacker.
#pragma once

#include <iconv.h>

#include <optional>
#include <string>
#include <string_view>

namespace postern::imap {

class Charset {
 public:
  // Without CHARSET: ASCII, and well-formed UTF-8 too, which clients send regardless.
  Charset() = default;
  // nullopt: not on the list.
  static std::optional<Charset> named(std::string_view name);

  Charset(Charset&& other) noexcept;
  Charset& operator=(Charset&& other) noexcept;
  ~Charset();

  // nullopt: the octets are not of this charset.
  std::optional<std::string> to_utf8(std::string_view octets);

 private:
  iconv_t converter_ = kNone;
  static const iconv_t kNone;  // UTF-8 already
};

}  // namespace postern::imap
