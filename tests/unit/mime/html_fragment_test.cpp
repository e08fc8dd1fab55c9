// HTML cut and joined, as mail programs write it and as nobody should.
#include "storage/mime/html_fragment.h"

#include <gtest/gtest.h>

namespace postern::mime {
namespace {

TEST(HtmlFromText, NothingIsMarkup) {
  EXPECT_EQ(html_from_text("a < b & c > d\r\n  x  y"),
            "a &lt; b &amp; c &gt; d<br>\r\n&nbsp;&nbsp;x &nbsp;y");
}

TEST(HtmlContent, TheBodyAndTheStylesOfTheHead) {
  EXPECT_EQ(html_content("<html><head><title>t</title><STYLE type=x>p{}</style></head>"
                         "<BODY class=\"a>b\">Hello<p></BODY></html>"),
            "<STYLE type=x>p{}</style>Hello<p>");
  EXPECT_EQ(html_content("<p>no body</p>"), "<p>no body</p>");
  EXPECT_EQ(html_content("<bodyguard>x"), "<bodyguard>x");
  EXPECT_EQ(html_content("</body><body>x"), "x");
  EXPECT_EQ(html_content("<body"), "<body");
  EXPECT_EQ(html_content(""), "");
}

TEST(HtmlWithAppendix, AtTheEndOfTheBody) {
  EXPECT_EQ(html_with_appendix("<body>a</body></html>", "+"), "<body>a+</body></html>");
  EXPECT_EQ(html_with_appendix("<html>a</HTML >", "+"), "<html>a+</HTML >");
  EXPECT_EQ(html_with_appendix("a", "+"), "a+");
  EXPECT_EQ(html_with_appendix("<body>a</body>b</body>", "+"), "<body>a</body>b+</body>");
}

TEST(MetaCharset, BothForms) {
  EXPECT_EQ(meta_charset("<head><meta charset=\"iso-8859-1\">"), "iso-8859-1");
  EXPECT_EQ(meta_charset("<META http-equiv=Content-Type content='text/html; charset=windows-1252'>"),
            "windows-1252");
  EXPECT_EQ(meta_charset("<meta name=viewport content=x>"), std::nullopt);
  EXPECT_EQ(meta_charset(std::string(5000, ' ') + "<meta charset=utf-8>"), std::nullopt);
}

TEST(WithoutMetaCharset, OtherWordsStay) {
  EXPECT_EQ(without_meta_charset("<head><meta charset=x><meta name=y></head>"), "<head><meta name=y></head>");
  EXPECT_EQ(without_meta_charset("plain"), "plain");
}

// Hostile: a tag begins at every octet and none ends.
TEST(HtmlContent, StaysLinear) {
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "<body '";
  EXPECT_EQ(html_content(many).size(), many.size());
  EXPECT_EQ(html_with_appendix(many, "x").size(), many.size() + 1);
}

}  // namespace
}  // namespace postern::mime
