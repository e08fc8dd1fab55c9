#include "protocols/activesync/code_page_number.h"

#include "gateway/base/text.h"

namespace postern::activesync {

namespace {

constexpr std::uint32_t kUtf8 = 65001;

struct Row {
  std::string_view charset;
  std::uint32_t number;
};
constexpr Row kRows[] = {
    {"utf-8", kUtf8},        {"us-ascii", 20127},    {"iso-8859-1", 28591},
    {"iso-8859-2", 28592},   {"iso-8859-3", 28593},  {"iso-8859-4", 28594},
    {"iso-8859-5", 28595},   {"iso-8859-6", 28596},  {"iso-8859-7", 28597},
    {"iso-8859-8", 28598},   {"iso-8859-9", 28599},  {"iso-8859-13", 28603},
    {"iso-8859-15", 28605},  {"windows-1250", 1250}, {"windows-1251", 1251},
    {"windows-1252", 1252},  {"windows-1253", 1253}, {"windows-1254", 1254},
    {"windows-1255", 1255},  {"windows-1256", 1256}, {"windows-1257", 1257},
    {"windows-1258", 1258},  {"windows-874", 874},   {"koi8-r", 20866},
    {"koi8-u", 21866},       {"shift_jis", 932},     {"iso-2022-jp", 50220},
    {"euc-jp", 51932},       {"gb2312", 936},        {"gbk", 936},
    {"gb18030", 54936},      {"big5", 950},          {"euc-kr", 949},
    {"ks_c_5601-1987", 949}, {"iso-2022-kr", 50225}, {"utf-7", 65000},
};

}  // namespace

std::uint32_t code_page_number(std::string_view charset) {
  for (const Row& row : kRows) {
    if (text::same(row.charset, charset)) return row.number;
  }
  return kUtf8;
}

}  // namespace postern::activesync
