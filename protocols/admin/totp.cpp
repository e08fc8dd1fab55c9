#include "protocols/admin/totp.h"

#include <fmt/format.h>

#include "gateway/base/text.h"
#include "protocols/shared/digest.h"

namespace postern::admin {

namespace {

constexpr std::int64_t kStepSeconds = 30;

// For a part of a URI (RFC 3986): what is not unreserved is escaped.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kOthers = "-._~";
    const bool plain = text::is_alpha(c) || text::is_digit(c) || kOthers.find(c) != kOthers.npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::int64_t totp_step(WallTime now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / kStepSeconds;
}

// RFC 4226 §5.3.
std::string totp_code(std::string_view secret, std::int64_t step) {
  std::string counter;
  for (int shift = 56; shift >= 0; shift -= 8) counter += static_cast<char>(step >> shift & 0xFF);
  const std::string mac = hmac_sha1(secret, counter);
  const std::size_t at = static_cast<unsigned char>(mac.back()) & 0x0F;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(mac[at + i]);
  return fmt::format("{:06}", (number & 0x7FFFFFFF) % 1'000'000);
}

std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, WallTime now,
                                       std::int64_t last_step) {
  const std::int64_t current = totp_step(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = current - 1; step <= current + 1; ++step) {
    const std::string right = totp_code(secret, step);
    if (code.size() == right.size() && text::equal_secrets(code, right) && step > last_step) found = step;
  }
  return found;
}

std::string base32(std::string_view octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : octets) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 5; held -= 5) out += kDigits[bits >> (held - 5) & 31];
  }
  if (held > 0) out += kDigits[bits << (5 - held) & 31];
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view name) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", escaped(issuer), escaped(name),
                     base32(secret), escaped(issuer));
}

}  // namespace postern::admin
