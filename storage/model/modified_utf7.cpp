#include "storage/model/modified_utf7.h"

#include <array>

namespace postern {

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr auto kBase64Values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64.size(); ++i) {
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

bool is_plain(unsigned char c) {
  return c >= 0x20 && c <= 0x7E;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&out](char32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(c);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(c >> 6);
    tail(c);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(c >> 12);
    tail(c >> 6);
    tail(c);
  }
}

// The UTF-16 units between "&" and "-". False: a lone surrogate, or something else than base64.
bool append_shifted(std::string& out, std::string_view digits) {
  std::uint32_t bits = 0;
  int bit_count = 0;
  char32_t high = 0;
  for (unsigned char c : digits) {
    if (kBase64Values[c] < 0) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(kBase64Values[c]);
    bit_count += 6;
    if (bit_count < 16) continue;
    bit_count -= 16;
    const char32_t unit = (bits >> bit_count) & 0xFFFF;
    const bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (is_low != (high != 0)) return false;
    if (is_low) {
      append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
      high = 0;
    } else if (unit >= 0xD800 && unit <= 0xDBFF) {
      high = unit;
    } else {
      append_utf8(out, unit);
    }
  }
  return high == 0;
}

// One code point of well-formed UTF-8.
char32_t next_code_point(std::string_view utf8, std::size_t& at) {
  const auto octet = [&] { return static_cast<unsigned char>(utf8[at++]); };
  const char32_t first = octet();
  if (first < 0x80) return first;
  int tails = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t c = first & (0x3Fu >> tails);
  for (; tails > 0 && at < utf8.size(); --tails) c = c << 6 | (octet() & 0x3F);
  return c;
}

// The octets of UTF-16 units as base64 digits, without padding.
class Shift {
 public:
  explicit Shift(std::string& out) : out_(out) { out_ += '&'; }
  void add(char32_t c) {
    if (c < 0x10000) return unit(c);
    unit(0xD800 + ((c - 0x10000) >> 10));
    unit(0xDC00 + ((c - 0x10000) & 0x3FF));
  }
  void end() {
    if (bit_count_ > 0) out_ += kBase64[(bits_ << (6 - bit_count_)) & 0x3F];
    out_ += '-';
  }

 private:
  void unit(char32_t value) {
    bits_ = bits_ << 16 | value;
    for (bit_count_ += 16; bit_count_ >= 6; bit_count_ -= 6)
      out_ += kBase64[(bits_ >> (bit_count_ - 6)) & 0x3F];
  }
  std::string& out_;
  std::uint32_t bits_ = 0;
  int bit_count_ = 0;
};

}  // namespace

std::string to_modified_utf7(std::string_view utf8) {
  std::string out;
  std::size_t at = 0;
  while (at < utf8.size()) {
    if (utf8[at] == '&') {
      out += "&-";
      ++at;
    } else if (is_plain(static_cast<unsigned char>(utf8[at]))) {
      out += utf8[at++];
    } else {
      Shift shift(out);
      while (at < utf8.size() && !is_plain(static_cast<unsigned char>(utf8[at]))) {
        shift.add(next_code_point(utf8, at));
      }
      shift.end();
    }
  }
  return out;
}

Result<std::string> from_modified_utf7(std::string_view encoded) {
  const Error malformed(ErrorKind::invalid, "mailbox name is not modified UTF-7");
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); ++at) {
    if (!is_plain(static_cast<unsigned char>(encoded[at]))) return malformed;
    if (encoded[at] != '&') {
      out += encoded[at];
      continue;
    }
    const std::size_t end = encoded.find('-', at);
    if (end == std::string_view::npos) return malformed;
    if (end == at + 1) {
      out += '&';
    } else if (!append_shifted(out, encoded.substr(at + 1, end - at - 1))) {
      return malformed;
    }
    at = end;
  }
  // Needless shifts, split shifts and stray bits all show here.
  if (to_modified_utf7(out) != encoded) return malformed;
  return out;
}

}  // namespace postern
