// Octet strings as the protocols see them: ASCII case folding, splitting, numbers with bounds, base64,
// hexadecimal. Nothing here depends on the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern::text {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
constexpr char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string to_lower(std::string_view s);
std::string to_upper(std::string_view s);
// Equal when ASCII letters are compared without case.
bool same(std::string_view a, std::string_view b);
bool starts_with_same(std::string_view s, std::string_view prefix);
std::string_view trim(std::string_view s);
std::vector<std::string_view> split(std::string_view s, char separator);

// A decimal number without sign, spaces or overflow; leading zeros are allowed. nullopt otherwise.
std::optional<std::uint64_t> number(std::string_view digits, std::uint64_t max = UINT64_MAX);

std::string hex(std::string_view octets);
std::optional<std::string> unhex(std::string_view digits);

// RFC 4648 §4, with padding. Decoding is strict: no white space, no missing padding.
std::string base64(std::string_view octets);
std::optional<std::string> unbase64(std::string_view text);

// Well-formed UTF-8 without surrogates or overlong forms (RFC 3629). NUL counts as well-formed.
bool is_utf8(std::string_view octets);
bool is_ascii(std::string_view octets);

// For logs: control octets and quotes escaped, at most `octets_max` octets of input shown.
std::string printable(std::string_view octets, std::size_t octets_max = 64);

// Constant time in the contents (not in the lengths), for secrets.
bool equal_secrets(std::string_view a, std::string_view b);

}  // namespace postern::text
