// Content-Transfer-Encoding undone while octets stream past (RFC 2045 §6). Damaged input gives what can be
// made of it; output never exceeds input by more than a few octets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern::mime {

enum class TransferEncoding : std::uint8_t { identity, base64, quoted_printable };

// nullopt: an encoding that cannot be undone here (BINARY answers UNKNOWN-CTE). ASCII case does not matter.
std::optional<TransferEncoding> transfer_encoding_from(std::string_view name);

// RFC 2045 §6.8: octets outside the alphabet are skipped; after padding a new run may begin.
class Base64Decoder {
 public:
  void feed(std::string_view octets, std::string& out);

 private:
  static std::size_t feed_groups(std::string_view octets, std::string& out);

  std::uint32_t bits_ = 0;
  unsigned digits_ = 0;
};

// RFC 2045 §6.7: blanks at the end of a line are dropped, "=" without two digits stands for itself.
class QuotedPrintableDecoder {
 public:
  void feed(std::string_view octets, std::string& out);
  void finish(std::string& out);

 private:
  void take(char c, std::string& out);
  void take_plain(char c, std::string& out);
  void release(std::string& out);

  std::string held_;  // "=", "=A", "= ", "=\r", or blanks and a CR that may end a line
};

// The value of a hexadecimal digit of either case; -1 for anything else.
int hex_digit(char c);

class TransferDecoder {
 public:
  explicit TransferDecoder(TransferEncoding encoding) : encoding_(encoding) {}
  void feed(std::string_view octets, std::string& out);
  // Once, after the last octet.
  void finish(std::string& out);

 private:
  TransferEncoding encoding_;
  Base64Decoder base64_;
  QuotedPrintableDecoder quoted_printable_;
};

}  // namespace postern::mime
