// The allowed charsets and their conversion. The list is short on purpose: glibc's rarer converters have had
// endless loops and overflows (CVE-2020-27618, CVE-2021-3326, CVE-2024-2961). Names as in the IANA registry,
// and what mail programs write; ISO-8859-1 is read as windows-1252 and GB2312 as GB18030, as browsers do.
#include "storage/mime/charset.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "gateway/base/text.h"
#include "storage/mime/octet_set.h"

namespace postern::mime {

enum class CharsetKind { utf8, table, states };

struct Charset {
  std::string_view name;
  const char* iconv_name;
  CharsetKind kind = CharsetKind::table;
};

namespace {

constexpr Charset kCharsets[] = {
    {"utf-8", "", CharsetKind::utf8},
    {"utf8", "", CharsetKind::utf8},
    {"us-ascii", "", CharsetKind::utf8},
    {"ascii", "", CharsetKind::utf8},
    {"ansi_x3.4-1968", "", CharsetKind::utf8},
    {"iso-8859-1", "CP1252"},
    {"iso8859-1", "CP1252"},
    {"iso_8859-1", "CP1252"},
    {"latin1", "CP1252"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-11", "CP874"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1250", "CP1250"},
    {"cp1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"cp1251", "CP1251"},
    {"windows-1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"windows-874", "CP874"},
    {"tis-620", "CP874"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"cp437", "CP437"},
    {"ibm437", "CP437"},
    {"cp850", "CP850"},
    {"ibm850", "CP850"},
    {"cp852", "CP852"},
    {"cp866", "CP866"},
    {"ibm866", "CP866"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"sjis", "CP932"},
    {"x-sjis", "CP932"},
    {"windows-31j", "CP932"},
    {"cp932", "CP932"},
    {"euc-jp", "EUC-JP"},
    {"iso-2022-jp", "ISO-2022-JP-2", CharsetKind::states},
    {"iso-2022-jp-1", "ISO-2022-JP-2", CharsetKind::states},
    {"iso-2022-jp-2", "ISO-2022-JP-2", CharsetKind::states},
    {"iso-2022-kr", "ISO-2022-KR", CharsetKind::states},
    {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601", "CP949"},
    {"cp949", "CP949"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"x-gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"utf-16", "UTF-16"},
    {"utf-16be", "UTF-16BE"},
    {"utf-16le", "UTF-16LE"},
    {"utf-7", "UTF-7", CharsetKind::states},
    {"unicode-1-1-utf-7", "UTF-7", CharsetKind::states},
};

const iconv_t kNoConversion = reinterpret_cast<iconv_t>(-1);

// Octets the sequence that begins so is to have; 0: none begins so.
std::size_t sequence_octets(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

// Whether `octet` may be the second one: excludes overlong forms, surrogates and what is above U+10FFFF.
bool may_follow(unsigned char lead, unsigned char octet) {
  switch (lead) {
    case 0xe0: return octet >= 0xa0 && octet < 0xc0;
    case 0xed: return octet >= 0x80 && octet < 0xa0;
    case 0xf0: return octet >= 0x90 && octet < 0xc0;
    case 0xf4: return octet >= 0x80 && octet < 0x90;
    default: return octet >= 0x80 && octet < 0xc0;
  }
}

}  // namespace

const Charset* find_charset(std::string_view name) {
  const auto* const found = std::find_if(std::begin(kCharsets), std::end(kCharsets),
                                         [&](const Charset& known) { return text::same(known.name, name); });
  return found == std::end(kCharsets) ? nullptr : found;
}

void Utf8Repair::feed(std::string_view octets, std::string& out) {
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (held_.empty()) {
      const std::size_t ascii = ascii_prefix(octets.substr(i));
      out += octets.substr(i, ascii);
      i += ascii;
      if (i == octets.size()) break;
    }
    const char c = octets[i];
    const auto octet = static_cast<unsigned char>(c);
    if (!held_.empty()) {
      const auto lead = static_cast<unsigned char>(held_.front());
      const bool fits = held_.size() == 1 ? may_follow(lead, octet) : (octet & 0xc0) == 0x80;
      if (fits) {
        held_ += c;
        if (held_.size() == sequence_octets(lead)) {
          out += held_;
          held_.clear();
        }
        continue;
      }
      out += kReplacement;
      held_.clear();
    }
    if (octet < 0x80)
      out += c;
    else if (sequence_octets(octet) > 0)
      held_ = c;
    else
      out += kReplacement;
  }
}

void Utf8Repair::finish(std::string& out) {
  if (!held_.empty()) out += kReplacement;
  held_.clear();
}

CharsetDecoder::CharsetDecoder(const Charset* charset) : charset_(charset), iconv_(kNoConversion) {
  if (charset != nullptr && charset->kind != CharsetKind::utf8)
    iconv_ = iconv_open("UTF-8", charset->iconv_name);
}

CharsetDecoder::CharsetDecoder(CharsetDecoder&& other) noexcept
    : charset_(other.charset_),
      iconv_(std::exchange(other.iconv_, kNoConversion)),
      repair_(std::move(other.repair_)),
      input_(std::move(other.input_)) {}

CharsetDecoder::~CharsetDecoder() {
  if (iconv_ != kNoConversion) iconv_close(iconv_);
}

bool CharsetDecoder::has_states() const {
  return charset_ != nullptr && charset_->kind == CharsetKind::states;
}

// What is in input_, except the start of a character at its end.
void CharsetDecoder::convert(std::string& out) {
  std::array<char, 4096> room;
  char* from = input_.data();
  std::size_t left = input_.size();
  while (left > 0) {
    char* to = room.data();
    std::size_t room_left = room.size();
    const std::size_t done = iconv(iconv_, &from, &left, &to, &room_left);
    const int why = done == static_cast<std::size_t>(-1) ? errno : 0;
    repair_.feed({room.data(), room.size() - room_left}, out);
    if (why == EINVAL || why == 0) break;
    if (why == E2BIG && room_left < room.size()) continue;
    repair_.feed(kReplacement, out);
    ++from;
    --left;
  }
  input_.erase(0, input_.size() - left);
}

void CharsetDecoder::feed(std::string_view octets, std::string& out) {
  if (iconv_ != kNoConversion) {
    constexpr std::size_t kSliceOctets = 4096;
    for (; !octets.empty(); octets.remove_prefix(std::min(kSliceOctets, octets.size()))) {
      input_ += octets.substr(0, kSliceOctets);
      convert(out);
    }
  } else if (charset_ != nullptr && charset_->kind == CharsetKind::utf8) {
    repair_.feed(octets, out);
  } else {
    for (const char c : octets) {
      if (static_cast<unsigned char>(c) < 0x80)
        out += c;
      else
        out += kReplacement;
    }
  }
}

void CharsetDecoder::finish(std::string& out) {
  if (iconv_ != kNoConversion) {
    std::array<char, 64> room;
    char* to = room.data();
    std::size_t room_left = room.size();
    iconv(iconv_, nullptr, nullptr, &to, &room_left);  // also back to the initial state
    repair_.feed({room.data(), room.size() - room_left}, out);
  }
  if (!input_.empty()) out += kReplacement;
  input_.clear();
  repair_.finish(out);
}

void cut_utf8(std::string& utf8, std::size_t octets_max) {
  if (utf8.size() <= octets_max) return;
  while (octets_max > 0 && (static_cast<unsigned char>(utf8[octets_max]) & 0xc0) == 0x80) --octets_max;
  utf8.resize(octets_max);
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  CharsetDecoder decoder(find_charset(charset));
  std::string out;
  decoder.feed(octets, out);
  decoder.finish(out);
  return out;
}

}  // namespace postern::mime
