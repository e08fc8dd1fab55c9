// HTML 4.01 §24 (character entity references) and §5.3.1 (numeric ones).
#include "storage/mime/html_entities.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace postern::mime {
namespace {

struct NamedCharacter {
  std::string_view name;
  char32_t character;
};

constexpr NamedCharacter kNamed[] = {
    {"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"quot", '"'},      {"apos", '\''},
    {"OElig", 0x152},   {"oelig", 0x153},   {"Scaron", 0x160},  {"scaron", 0x161},  {"Yuml", 0x178},
    {"fnof", 0x192},    {"circ", 0x2c6},    {"tilde", 0x2dc},   {"ensp", 0x2002},   {"emsp", 0x2003},
    {"thinsp", 0x2009}, {"zwnj", 0x200c},   {"zwj", 0x200d},    {"lrm", 0x200e},    {"rlm", 0x200f},
    {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201a},
    {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"bdquo", 0x201e},  {"dagger", 0x2020}, {"Dagger", 0x2021},
    {"bull", 0x2022},   {"hellip", 0x2026}, {"permil", 0x2030}, {"prime", 0x2032},  {"lsaquo", 0x2039},
    {"rsaquo", 0x203a}, {"euro", 0x20ac},   {"trade", 0x2122},  {"larr", 0x2190},   {"rarr", 0x2192},
    {"minus", 0x2212},  {"ne", 0x2260},     {"le", 0x2264},     {"ge", 0x2265},
};

// U+00A0 to U+00FF in order.
constexpr std::array<std::string_view, 96> kLatin1{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",
    "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",
    "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12",
    "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil",
    "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde",
    "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",
    "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

std::optional<char32_t> numeric(std::string_view digits) {
  int base = 10;
  if (!digits.empty() && (digits.front() == 'x' || digits.front() == 'X')) {
    digits.remove_prefix(1);
    base = 16;
  }
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  const bool surrogate = value >= 0xd800 && value < 0xe000;
  const bool control = value < 0x20 || (value >= 0x7f && value < 0xa0);
  if (surrogate || value > 0x10ffff) return U'\ufffd';
  return control ? U' ' : static_cast<char32_t>(value);
}

std::optional<char32_t> named(std::string_view name) {
  for (const NamedCharacter& known : kNamed) {
    if (known.name == name) return known.character;
  }
  const auto* const found = std::find(kLatin1.begin(), kLatin1.end(), name);
  if (found == kLatin1.end()) return std::nullopt;
  return static_cast<char32_t>(0xa0 + (found - kLatin1.begin()));
}

}  // namespace

std::optional<std::string> html_entity(std::string_view name) {
  if (name.empty()) return std::nullopt;
  const std::optional<char32_t> character = name.front() == '#' ? numeric(name.substr(1)) : named(name);
  if (!character) return std::nullopt;
  std::string out;
  append_utf8(out, *character);
  return out;
}

void append_utf8(std::string& out, char32_t character) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((character >> shift) & 0x3f)); };
  if (character < 0x80) {
    out += static_cast<char>(character);
  } else if (character < 0x800) {
    out += static_cast<char>(0xc0 | (character >> 6));
    tail(0);
  } else if (character < 0x10000) {
    out += static_cast<char>(0xe0 | (character >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (character >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace postern::mime
