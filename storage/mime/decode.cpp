// Encoded-words and extended parameters. RFC 2047 §2, §6.2; RFC 2231 §4.
#include "storage/mime/decode.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/charset.h"
#include "storage/mime/transfer_encoding.h"

namespace postern::mime {
namespace {

constexpr std::size_t kCharsetNameOctetsMax = 64;

// encoded-word = "=?" charset "?" encoding "?" encoded-text "?="
struct EncodedWord {
  std::string_view charset;  // without RFC 2231's language
  char encoding = 'q';
  std::string_view text;
  std::size_t octets = 0;  // all of it
};

// At the front of `text`, which begins with "=?". Looks no further than the third question mark.
std::optional<EncodedWord> encoded_word(std::string_view text) {
  const auto charset_end = text.substr(0, kCharsetNameOctetsMax).find('?', 2);
  if (charset_end == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(charset_end + 1);
  if (behind.size() < 2 || behind[1] != '?') return std::nullopt;
  EncodedWord word;
  word.charset = text.substr(2, charset_end - 2);
  word.charset = word.charset.substr(0, word.charset.find('*'));
  word.encoding = text::lower(behind[0]);
  if (word.encoding != 'q' && word.encoding != 'b') return std::nullopt;
  const auto end = behind.find('?', 2);
  if (end == std::string_view::npos || end + 1 == behind.size() || behind[end + 1] != '=')
    return std::nullopt;
  word.text = behind.substr(2, end - 2);
  word.octets = charset_end + 1 + end + 2;
  return word;
}

// `mark` and two hexadecimal digits are one octet: "=E4" in Q, "%E4" in RFC 2231.
void append_unescaped(std::string& out, std::string_view text, char mark) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == mark && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += mark == '=' && text[i] == '_' ? ' ' : text[i];
    }
  }
}

class TextDecoder {
 public:
  explicit TextDecoder(std::size_t octets_max) : octets_max_(octets_max) {}
  std::string decode(std::string_view value);

 private:
  CharsetDecoder& decoder(const Charset* charset);
  void literal(std::string_view text);
  void word(const EncodedWord& word);
  void flush_words();

  std::size_t octets_max_;
  std::string out_;
  // One for each charset in use: opening a conversion costs more than a word.
  std::vector<std::pair<const Charset*, CharsetDecoder>> decoders_;
  // Adjacent words of one charset are converted together: senders cut words inside characters.
  std::string octets_;
  const Charset* charset_ = nullptr;
  bool in_words_ = false;
};

CharsetDecoder& TextDecoder::decoder(const Charset* charset) {
  for (auto& [known, decoder] : decoders_) {
    if (known == charset) return decoder;
  }
  return decoders_.emplace_back(charset, CharsetDecoder(charset)).second;
}

void TextDecoder::flush_words() {
  if (!in_words_) return;
  CharsetDecoder& to_utf8 = decoder(charset_);
  to_utf8.feed(octets_, out_);
  to_utf8.finish(out_);
  octets_.clear();
  in_words_ = false;
}

void TextDecoder::literal(std::string_view text) {
  flush_words();
  Utf8Repair repair;
  repair.feed(text, out_);
  repair.finish(out_);
}

void TextDecoder::word(const EncodedWord& word) {
  const Charset* charset = find_charset(word.charset);
  // Each word begins in the charset's initial state (RFC 2047 §3).
  if (in_words_ && (charset != charset_ || decoder(charset).has_states())) flush_words();
  charset_ = charset;
  in_words_ = true;
  if (word.encoding == 'b')
    Base64Decoder().feed(word.text, octets_);
  else
    append_unescaped(octets_, word.text, '=');
}

std::string TextDecoder::decode(std::string_view value) {
  while (!value.empty() && out_.size() + octets_.size() < octets_max_) {
    const std::string_view before = value.substr(0, value.find("=?"));
    value.remove_prefix(before.size());
    const std::optional<EncodedWord> next = value.empty() ? std::nullopt : encoded_word(value);
    // White space between two words is not text (RFC 2047 §6.2).
    const bool adjacent = in_words_ && next && text::trim(before).empty();
    if (!adjacent && !before.empty()) literal(before);
    if (next) {
      word(*next);
      value.remove_prefix(next->octets);
    } else if (!value.empty()) {
      literal(value.substr(0, 2));
      value.remove_prefix(2);
    }
  }
  flush_words();
  return std::move(out_);
}

// Well-formed UTF-8 in; cut at a character.
std::string without_controls(std::string utf8, std::size_t octets_max) {
  const auto may_be_control = [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f || octet == 0xc2;
  };
  if (utf8.size() <= octets_max && std::none_of(utf8.begin(), utf8.end(), may_be_control)) return utf8;
  std::string out;
  out.reserve(std::min(utf8.size(), octets_max));
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto octet = static_cast<unsigned char>(utf8[i]);
    const bool c1 = octet == 0xc2 && static_cast<unsigned char>(utf8[i + 1]) < 0xa0;
    std::size_t octets = octet < 0x80 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
    std::string_view character = std::string_view(utf8).substr(i, octets);
    if (c1) character = kReplacement;
    if (octet < 0x20 || octet == 0x7f) character = " ";
    if (out.size() + character.size() > octets_max) break;
    out += character;
    i += octets - 1;
  }
  return out;
}

// ext-value = charset "'" [language] "'" value-chars
std::string decode_extended(std::string_view value) {
  std::string_view charset = "utf-8";
  const auto quote = value.find('\'');
  const auto second = quote == std::string_view::npos ? quote : value.find('\'', quote + 1);
  if (second != std::string_view::npos) {
    if (quote > 0) charset = value.substr(0, quote);
    value.remove_prefix(second + 1);
  }
  std::string octets;
  append_unescaped(octets, value, '%');
  return without_controls(to_utf8(octets, charset), kHeaderTextOctetsMax);
}

}  // namespace

std::string decode_text(std::string_view value, std::size_t octets_max) {
  return without_controls(TextDecoder(octets_max).decode(value), octets_max);
}

std::string decode_parameter(const std::vector<Parameter>& parameters, std::string_view name) {
  const Parameter* plain = nullptr;
  for (const Parameter& parameter : parameters) {
    if (parameter.name == name) plain = &parameter;
    const bool extended = parameter.name.size() == name.size() + 1 && parameter.name.back() == '*' &&
                          parameter.name.starts_with(name);
    if (extended) return decode_extended(parameter.value);
  }
  return plain == nullptr ? std::string() : decode_text(plain->value);
}

std::string file_name(const Part& part) {
  std::string name = decode_parameter(part.disposition_parameters, "filename");
  return name.empty() ? decode_parameter(part.parameters, "name") : name;
}

}  // namespace postern::mime
