// Charsets to UTF-8, streaming. What is written is always well-formed UTF-8: octets that mean nothing become
// U+FFFD. Only the charsets of the table in charset.cpp are ever handed to iconv.
#pragma once

#include <iconv.h>

#include <string>
#include <string_view>

namespace postern::mime {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Charset;
// By name or alias, without case. nullptr: unknown.
const Charset* find_charset(std::string_view name);

// Makes UTF-8 well-formed.
class Utf8Repair {
 public:
  void feed(std::string_view octets, std::string& out);
  void finish(std::string& out);

 private:
  std::string held_;  // the start of a sequence
};

class CharsetDecoder {
 public:
  // nullptr: an unknown charset; ASCII is kept, other octets become U+FFFD.
  explicit CharsetDecoder(const Charset* charset);
  CharsetDecoder(CharsetDecoder&& other) noexcept;
  CharsetDecoder& operator=(CharsetDecoder&&) = delete;
  ~CharsetDecoder();

  void feed(std::string_view octets, std::string& out);
  // After the last octet; the decoder may then be used again, from the charset's initial state.
  void finish(std::string& out);
  // Whether text in this charset may switch states by escapes (ISO 2022, UTF-7).
  bool has_states() const;

 private:
  void convert(std::string& out);

  const Charset* charset_;
  iconv_t iconv_;
  Utf8Repair repair_;
  std::string input_;  // not converted yet
};

// Cuts well-formed UTF-8 to at most octets_max octets without splitting a character.
void cut_utf8(std::string& utf8, std::size_t octets_max);

std::string to_utf8(std::string_view octets, std::string_view charset);

}  // namespace postern::mime
