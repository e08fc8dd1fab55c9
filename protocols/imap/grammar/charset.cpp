#include "protocols/imap/grammar/charset.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "gateway/base/text.h"

namespace postern::imap {

namespace {

constexpr std::array<std::string_view, 3> kUtf8Names{"UTF-8", "UTF8", "US-ASCII"};
constexpr std::array<std::string_view, 34> kNames{
    "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-3",   "ISO-8859-4",   "ISO-8859-5",   "ISO-8859-6",
    "ISO-8859-7",   "ISO-8859-8",   "ISO-8859-9",   "ISO-8859-10",  "ISO-8859-11",  "ISO-8859-13",
    "ISO-8859-14",  "ISO-8859-15",  "ISO-8859-16",  "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
    "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258",
    "KOI8-R",       "KOI8-U",       "SHIFT_JIS",    "EUC-JP",       "EUC-KR",       "BIG5",
    "GB2312",       "GBK",          "GB18030",      "TIS-620"};

template <class Names>
bool among(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view known) { return text::same(known, name); });
}

}  // namespace

const iconv_t Charset::kNone = reinterpret_cast<iconv_t>(-1);

std::optional<Charset> Charset::named(std::string_view name) {
  Charset charset;
  if (among(kUtf8Names, name)) return charset;
  if (!among(kNames, name)) return std::nullopt;
  charset.converter_ = iconv_open("UTF-8", std::string(name).c_str());
  if (charset.converter_ == kNone) return std::nullopt;
  return charset;
}

Charset::Charset(Charset&& other) noexcept : converter_(std::exchange(other.converter_, kNone)) {}

Charset& Charset::operator=(Charset&& other) noexcept {
  std::swap(converter_, other.converter_);
  return *this;
}

Charset::~Charset() {
  if (converter_ != kNone) iconv_close(converter_);
}

std::optional<std::string> Charset::to_utf8(std::string_view octets) {
  if (converter_ == kNone) {
    if (!text::is_utf8(octets)) return std::nullopt;
    return std::string(octets);
  }
  iconv(converter_, nullptr, nullptr, nullptr, nullptr);
  std::string out(octets.size() * 4,
                  '\0');  // no listed charset needs more than four octets for one of its own
  char* from = const_cast<char*>(octets.data());
  char* to = out.data();
  std::size_t from_left = octets.size();
  std::size_t to_left = out.size();
  if (iconv(converter_, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1))
    return std::nullopt;
  out.resize(out.size() - to_left);
  return out;
}

}  // namespace postern::imap
