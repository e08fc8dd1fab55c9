// Content-Type and its kin, by the book and as found in mail.
#include "storage/mime/content_type.h"

#include <gtest/gtest.h>

#include "storage/mime/decode.h"

namespace postern::mime {
namespace {

std::string describe(const std::vector<Parameter>& parameters) {
  std::string out;
  for (const Parameter& parameter : parameters) out += " {" + parameter.name + "=" + parameter.value + "}";
  return out;
}

std::string describe(const std::optional<ContentType>& type) {
  return type ? type->type + '/' + type->subtype + describe(type->parameters) : "none";
}

struct Case {
  std::string value;
  std::string type;
};

class ContentTypes : public testing::TestWithParam<Case> {};

TEST_P(ContentTypes, Parse) {
  EXPECT_EQ(describe(parse_content_type(GetParam().value)), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(
    ByTheBook, ContentTypes,
    testing::Values(Case{"text/plain", "text/plain"},
                    Case{"Text/HTML; Charset=\"UTF-8\"", "text/html {charset=UTF-8}"},
                    Case{"text/plain; charset=us-ascii (Plain text)", "text/plain {charset=us-ascii}"},
                    Case{"text (a) / (b) plain (c) ; (d) a (e) = (f) b (g)", "text/plain {a=b}"},
                    Case{"a/b; c=\"d \\\"e\\\" ;f\"; g=h", "a/b {c=d \"e\" ;f} {g=h}"},
                    Case{"a/b; c=\"\"", "a/b {c=}"}));

INSTANTIATE_TEST_SUITE_P(
    AsFound, ContentTypes,
    testing::Values(Case{"", "none"}, Case{"text", "none"}, Case{"/plain", "none"}, Case{"text/", "none"},
                    Case{"text/plain charset=utf-8", "text/plain {charset=utf-8}"},
                    Case{"text/plain; charset=utf-8 format=flowed",
                         "text/plain {charset=utf-8} {format=flowed}"},
                    Case{"text/plain;;; charset=utf-8;", "text/plain {charset=utf-8}"},
                    Case{"a/b; name=my file (1).pdf; c=d", "a/b {name=my file (1).pdf} {c=d}"},
                    Case{"a/b; name=x(1).pdf", "a/b {name=x(1).pdf}"},
                    Case{"a/b; name=\"open; c=d", "a/b {name=open} {c=d}"},
                    Case{"a/b; name=\"x\" junk; c=d", "a/b {name=x} {c=d}"},
                    Case{"a/b; junk; c=d", "a/b {c=d}"}, Case{"a/b; =x; c=d", "a/b {c=d}"},
                    Case{"a/b; c=", "a/b {c=}"}, Case{"a/b; c=d (open", "a/b {c=d}"},
                    Case{"a/b/c; d=e", "a/b {d=e}"}, Case{"a/b; c=d; c=e", "a/b {c=d} {c=e}"},
                    Case{"a/b; name=\xe4.txt", "a/b {name=\xe4.txt}"}));

INSTANTIATE_TEST_SUITE_P(Rfc2231, ContentTypes,
                         testing::Values(Case{"a/b; n*0=\"x y\"; n*1=z", "a/b {n=x yz}"},
                                         Case{"a/b; n*1=z; n*0=y", "a/b {n=yz}"},
                                         Case{"a/b; n*=utf-8'de'%C3%A4", "a/b {n*=utf-8'de'%C3%A4}"},
                                         Case{"a/b; n*0*=utf-8''%C3%A4; n*1=\"50% \"; n*2*=%20x",
                                              "a/b {n*=utf-8''%C3%A450%25%20%20x}"},
                                         Case{"a/b; n*0=x; n*1*=%20", "a/b {n*=''x%20}"},
                                         Case{"a/b; n*0=x; n*2=z", "a/b {n=x}"}, Case{"a/b; n*1=z", "a/b"},
                                         Case{"a/b; n*0=x; n*0=y; n*1=z", "a/b {n=xz}"},
                                         Case{"a/b; *0=x; *=y; n*x=z", "a/b {*0=x} {*=y} {n*x=z}"},
                                         Case{"a/b; n*0=x; m=1; n*1=y", "a/b {n=xy} {m=1}"}));

TEST(ContentTypes, HostileValuesAreBounded) {
  const std::size_t size = 1024 * 1024;
  for (const std::string piece :
       {"(", "((", "a=(", "a=\"\\\"", "\\\"", "; a=b", " (a)", " a", ";", "=", "x=( ", "a=b (c)d "}) {
    std::string value = "a/b; n=";
    while (value.size() < size) value += piece;
    const std::optional<ContentType> type = parse_content_type(value);
    ASSERT_TRUE(type) << piece;
    EXPECT_LE(type->parameters.size(), kParametersMax) << piece;
  }
}

TEST(ContentTypes, Kin) {
  EXPECT_EQ(parse_content_disposition(" INLINE ; filename=a")->type, "inline");
  EXPECT_EQ(describe(parse_content_disposition("attachment filename=\"a\"")->parameters), " {filename=a}");
  EXPECT_FALSE(parse_content_disposition("; filename=a"));
  EXPECT_EQ(parse_transfer_encoding(" BASE64; x"), "base64");
  EXPECT_EQ(parse_transfer_encoding(""), "7bit");
  EXPECT_EQ(parse_languages("de, en-GB ,,fr (x)"), (std::vector<std::string>{"de", "en-GB", "fr"}));
  EXPECT_EQ(parse_languages(";;").size(), 0U);
}

TEST(Parameters, DecodeToUtf8) {
  const auto decoded = [](const std::string& parameters) {
    return decode_parameter(parse_content_type("a/b;" + parameters)->parameters, "n");
  };
  EXPECT_EQ(decoded("n*=iso-8859-1'de'%E4%20b"), "\xc3\xa4 b");
  EXPECT_EQ(decoded("n=plain; n*=utf-8''ext"), "ext");
  EXPECT_EQ(decoded("n=\"=?utf-8?q?=C3=A4?=\""), "\xc3\xa4");
  EXPECT_EQ(decoded("n*=utf-8''a%00%0D%0Ab"), "a   b");
  EXPECT_EQ(decoded("n*=%C3%A4"), "\xc3\xa4");
  EXPECT_EQ(decoded("n*='%C3"), "'\xef\xbf\xbd");
  EXPECT_EQ(decoded("n*=nosuch''a%E4"), "a\xef\xbf\xbd");
  EXPECT_EQ(decoded("m=x"), "");
  Part part;
  part.parameters = {{"name", "b"}};
  EXPECT_EQ(file_name(part), "b");
  part.disposition_parameters = {{"filename*", "utf-8''a"}};
  EXPECT_EQ(file_name(part), "a");
}

}  // namespace
}  // namespace postern::mime
