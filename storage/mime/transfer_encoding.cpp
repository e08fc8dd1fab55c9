// base64 and quoted-printable, octet by octet. RFC 2045 §6.7 and §6.8.
#include "storage/mime/transfer_encoding.h"

#include <array>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/octet_set.h"

namespace postern::mime {
namespace {

constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> make_base64_digits() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}
constexpr std::array<std::uint8_t, 256> kBase64Digits = make_base64_digits();

// Blanks at the end of a line are held back; a run longer than any line may be is let go.
constexpr std::size_t kBlanksHeldMax = 998;

constexpr OctetSet kNotPlain("= \t\r\n");  // in quoted-printable

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

int hex_digit(char c) {
  if (text::is_digit(c)) return c - '0';
  const char l = text::lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::optional<TransferEncoding> transfer_encoding_from(std::string_view name) {
  for (const std::string_view plain : {"7bit", "8bit", "binary", ""}) {
    if (text::same(name, plain)) return TransferEncoding::identity;
  }
  if (text::same(name, "base64")) return TransferEncoding::base64;
  if (text::same(name, "quoted-printable")) return TransferEncoding::quoted_printable;
  return std::nullopt;
}

void Base64Decoder::feed(std::string_view octets, std::string& out) {
  while (!octets.empty()) {
    if (digits_ == 0) octets.remove_prefix(feed_groups(octets, out));
    if (octets.empty()) break;
    const char c = octets.front();
    octets.remove_prefix(1);
    const std::uint8_t digit = kBase64Digits[static_cast<unsigned char>(c)];
    if (digit == kNoDigit) {
      if (c == '=') digits_ = 0;
      continue;
    }
    bits_ = bits_ << 6 | digit;
    if (++digits_ > 1) out += static_cast<char>(bits_ >> (2 * (4 - digits_)));
    digits_ %= 4;
  }
}

// Whole groups of four digits at the front; returns how many octets they are.
std::size_t Base64Decoder::feed_groups(std::string_view octets, std::string& out) {
  const auto digit = [octets](std::size_t i) {
    return std::uint32_t{kBase64Digits[static_cast<unsigned char>(octets[i])]};
  };
  std::size_t at = 0;
  for (; at + 4 <= octets.size(); at += 4) {
    const std::uint32_t a = digit(at), b = digit(at + 1), c = digit(at + 2), d = digit(at + 3);
    if (((a | b | c | d) & 0xc0) != 0) break;  // one of them is none
    const std::uint32_t bits = a << 18 | b << 12 | c << 6 | d;
    const char group[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8),
                          static_cast<char>(bits)};
    out.append(group, sizeof group);
  }
  return at;
}

void QuotedPrintableDecoder::release(std::string& out) {
  out += held_;
  held_.clear();
}

void QuotedPrintableDecoder::take_plain(char c, std::string& out) {
  if (c == '\n') {
    const bool cr = !held_.empty() && held_.back() == '\r';
    held_.clear();
    out += cr ? "\r\n" : "\n";
    return;
  }
  const bool cr_held = !held_.empty() && held_.back() == '\r';
  const bool may_end_line = is_blank(c) || c == '\r';
  if (cr_held || !may_end_line || held_.size() == kBlanksHeldMax) release(out);
  if (may_end_line || c == '=')
    held_ += c;
  else
    out += c;
}

void QuotedPrintableDecoder::take(char c, std::string& out) {
  if (held_.empty() || held_.front() != '=') return take_plain(c, out);
  const char last = held_.back();
  if (c == '\n') {
    if (held_.size() == 1 || is_blank(last) || last == '\r') return held_.clear();  // a soft line break
  } else if (held_.size() == 1 && (hex_digit(c) >= 0 || is_blank(c) || c == '\r')) {
    held_ += c;
    return;
  } else if (is_blank(last) && (c == '\r' || (is_blank(c) && held_.size() < kBlanksHeldMax))) {
    held_ += c;
    return;
  } else if (hex_digit(last) >= 0 && hex_digit(c) >= 0) {
    out += static_cast<char>(hex_digit(last) * 16 + hex_digit(c));
    return held_.clear();
  }
  release(out);
  take_plain(c, out);
}

void QuotedPrintableDecoder::feed(std::string_view octets, std::string& out) {
  while (!octets.empty()) {
    if (held_.empty()) {
      const std::string_view plain = octets.substr(0, kNotPlain.prefix_without(octets));
      out += plain;
      octets.remove_prefix(plain.size());
      if (octets.empty()) break;
    }
    take(octets.front(), out);
    octets.remove_prefix(1);
  }
}

// A soft line break or blanks at the very end mean nothing; half an octet is text.
void QuotedPrintableDecoder::finish(std::string& out) {
  if (held_.size() == 2 && held_.front() == '=' && hex_digit(held_.back()) >= 0) release(out);
  held_.clear();
}

void TransferDecoder::feed(std::string_view octets, std::string& out) {
  switch (encoding_) {
    case TransferEncoding::identity: out += octets; break;
    case TransferEncoding::base64: base64_.feed(octets, out); break;
    case TransferEncoding::quoted_printable: quoted_printable_.feed(octets, out); break;
  }
}

void TransferDecoder::finish(std::string& out) {
  quoted_printable_.finish(out);
}

}  // namespace postern::mime
