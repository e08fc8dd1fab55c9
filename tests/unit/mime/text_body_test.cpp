// What searching sees of a body: decoding chain, HTML, case folding.
#include "storage/mime/text_body.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"
#include "storage/mime/fold.h"
#include "storage/mime/html_text.h"

namespace postern::mime {
namespace {

constexpr std::size_t kMax = 64 * 1024;

struct Case {
  std::string html;
  std::string text;
};

class Html : public testing::TestWithParam<Case> {};

TEST_P(Html, BecomesTextInAnyPieces) {
  EXPECT_EQ(html_to_text(GetParam().html, kMax), GetParam().text);
  HtmlText html;
  std::string out;
  for (const char& octet : GetParam().html) html.feed({&octet, 1}, out);
  html.finish(out);
  EXPECT_EQ(out, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Mime, Html,
    testing::Values(Case{"plain", "plain"}, Case{"<p>one</p><p>two<br>three", "one\ntwo\nthree"},
                    Case{"a <b>bold</b>er  \r\n word", "a bolder word"}, Case{"a<!-- <b> -- > -->b", "ab"},
                    Case{"a<!-->b", "ab"}, Case{"<!DOCTYPE html><?xml ?>x", "x"},
                    Case{"<script>if (a<b) \"</scrip\"</SCRIPT >x<style>p{}</style>y", "xy"},
                    Case{"<a title='>' href=\"<\">x</a>", "x"}, Case{"1 < 2 <3 <", "1 < 2 <3 <"},
                    Case{"&lt;b&gt; &amp;&nbsp;&#228;&#xE4;&auml;&euro; &nosuch; &",
                         "<b> & \xc3\xa4\xc3\xa4\xc3\xa4\xe2\x82\xac &nosuch; &"},
                    Case{"&amp &lt<b>x", "& <x"},
                    Case{"a&#0;b&#xD800;c&#99999999;",
                         "a b\xef\xbf\xbd"
                         "c\xef\xbf\xbd"},
                    Case{"&aaaaaaaaaaaaaaaaaaaaaa;", "&aaaaaaaaaaaaaaaaaaaaaa;"}, Case{"<p", ""},
                    Case{"<title>t</title>x", "t\nx"}, Case{"", ""}, Case{"<<b>x", "<x"},
                    Case{"&&amp;", "&&"}, Case{"&lt", "<"}));

TEST(Html, MillionNestedTags) {
  std::string html;
  for (int i = 0; i < 1'000'000; ++i) html += "<div><b>";
  EXPECT_EQ(html_to_text(html + "x", kMax), "x");
  EXPECT_EQ(html_to_text(std::string(10 * kMax, 'x'), kMax).size(), kMax);
  EXPECT_EQ(html_to_text("\xc3\xa4\xc3\xa4", 3), "\xc3\xa4");
}

Part text_part(std::string subtype, std::string encoding, std::string charset) {
  Part part;
  part.subtype = std::move(subtype);
  part.encoding = std::move(encoding);
  if (!charset.empty()) part.parameters.push_back({"charset", std::move(charset)});
  return part;
}

TEST(TextBody, DecodesTheWholeChain) {
  EXPECT_EQ(text_of(text_part("plain", "7bit", ""), "hello", kMax), "hello");
  EXPECT_EQ(text_of(text_part("plain", "quoted-printable", "iso-8859-1"), "=E4=\r\nb", kMax),
            "\xc3\xa4"
            "b");
  EXPECT_EQ(text_of(text_part("html", "base64", "utf-16le"), "PABwAD4A5AA=", kMax), "\xc3\xa4");
  EXPECT_EQ(text_of(text_part("plain", "x-uuencode", ""), "hello", kMax), "");
  EXPECT_EQ(text_of(text_part("plain", "8bit", "nosuch"), "a\xe4", kMax), "a\xef\xbf\xbd");
  Part image;
  image.type = "image";
  EXPECT_EQ(text_of(image, "hello", kMax), "");
  EXPECT_TRUE(TextBody(image, kMax).full());
}

TEST(TextBody, IsTheSameInAnyPiecesAndBounded) {
  const Part part = text_part("html", "quoted-printable", "shift_jis");
  const std::string body = "<p>=93=FA=96{</p>=\r\n&amp; x =E4 \r\n";
  const std::string whole = text_of(part, body, kMax);
  for (std::size_t max = 0; max < whole.size(); ++max) {
    TextBody text(part, max);
    for (const char& octet : body) text.feed({&octet, 1});
    const std::string out = text.finish();
    EXPECT_EQ(out, text_of(part, body, max));
    EXPECT_LE(out.size(), max);
    EXPECT_TRUE(text::is_utf8(out) && whole.starts_with(out));
  }
}

TEST(Fold, MatchesWithoutCase) {
  EXPECT_EQ(fold("Hello"), "hello");
  EXPECT_EQ(fold("STRASSE"), fold("Stra\xc3\x9f"
                                  "e"));
  EXPECT_EQ(fold("\xc3\x84"), fold("\xc3\xa4"));
  EXPECT_EQ(fold("\xc3\xa4"), fold("a\xcc\x88"));
  EXPECT_EQ(fold("\xce\xa3"), fold("\xcf\x82"));
  EXPECT_EQ(fold("\xef\xbc\xa1"), "a");
  EXPECT_EQ(fold("a\xff"
                 "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(fold("abc\xc3\xa4", 4), "abc");
  EXPECT_EQ(fold(std::string_view("a\0B", 3)), std::string_view("a\0b", 3));
}

}  // namespace
}  // namespace postern::mime
