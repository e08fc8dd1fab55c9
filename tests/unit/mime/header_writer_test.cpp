// What is written is what the readers of this room read again, and no line or value escapes its field.
#include "storage/mime/header_writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "gateway/base/text.h"
#include "storage/mime/address.h"
#include "storage/mime/content_type.h"
#include "storage/mime/decode.h"
#include "storage/mime/header.h"

namespace postern::mime {
namespace {

std::string body_of(const std::string& field) {
  const HeaderView view(field);
  return view.begin() == view.end() ? std::string() : unfold(view.begin()->body);
}

std::size_t fields_in(const std::string& block) {
  std::size_t count = 0;
  for (const Field& field : HeaderView(block)) count += field.name.empty() ? 0 : 1;
  return count;
}

std::size_t longest_line(const std::string& block) {
  std::size_t longest = 0;
  for (const std::string_view line : text::split(block, '\n')) longest = std::max(longest, line.size());
  return longest;
}

TEST(TextField, PlainTextStaysReadable) {
  EXPECT_EQ(text_field("Subject", "Lunch at noon"), "Subject: Lunch at noon\r\n");
  EXPECT_EQ(text_field("Subject", ""), "Subject: \r\n");
}

TEST(TextField, WhateverIsPutInComesOut) {
  const std::string long_text(2000, 'x');
  std::string umlauts;
  for (int i = 0; i < 300; ++i) umlauts += "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80";
  for (const std::string& text : {std::string("Gr\xC3\xBC\xC3\x9F"
                                              "e"),
                                  umlauts, std::string("=?utf-8?Q?no?="), long_text, std::string("a  b"),
                                  std::string(500, 'y') + " z"}) {
    const std::string field = text_field("Subject", text);
    EXPECT_EQ(decode_text(body_of(field)), text);
    EXPECT_LE(longest_line(field), 998U);
    EXPECT_EQ(fields_in(field), 1U);
    EXPECT_TRUE(text::is_ascii(field));
  }
}

TEST(TextField, NothingBeginsAnotherField) {
  const std::string field = text_field("Subject", "x\r\nBcc: eve@example.org\n\r\nbody");
  EXPECT_EQ(fields_in(field), 1U);
  EXPECT_EQ(field.find("\r\nBcc"), std::string::npos);
}

TEST(AddressField, NamesAndOddLocalPartsSurvive) {
  const auto list = parse_addresses(
      "\"B\xC3\xB6se, Bob\" <bob@example.org>, team: kim@example.org, =?utf-8?Q?J=C3=B6?= <jo@example.org>;, "
      "\"odd one\"@example.org",
      100);
  const std::string field = address_field("To", list);
  EXPECT_EQ(fields_in(field), 1U);
  EXPECT_TRUE(text::is_ascii(field));
  EXPECT_EQ(
      display(parse_addresses(body_of(field), 100)),
      "B\xC3\xB6se, Bob <bob@example.org>, kim@example.org, J\xC3\xB6 <jo@example.org>, odd one@example.org");
}

TEST(AddressField, HalfAnAddressStays) {
  EXPECT_EQ(address_field("To", parse_addresses("bob, kim@example.org", 10)),
            "To: bob,\r\n kim@example.org\r\n");
}

TEST(AddressField, NobodyIsNoField) {
  EXPECT_EQ(address_field("Cc", {}), "");
}

TEST(ParameterText, NamesOfFilesComeBack) {
  for (const std::string name :
       {"a.pdf", "say \"hi\".txt",
        "Gr\xC3\xBC\xC3\x9F"
        "e aus K\xC3\xB6ln.pdf",
        "a very long name that goes on and on and on and on until nobody reads it.docx"}) {
    const auto parsed = parse_content_disposition(unfold("attachment" + parameter_text("filename", name)));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(decode_parameter(parsed->parameters, "filename"), name);
  }
}

TEST(MessageIds, OnlyWholeOnes) {
  EXPECT_EQ(message_ids(" <a@b>\r\n <c@d> x <e f@g> <h"), (std::vector<std::string>{"<a@b>", "<c@d>"}));
  EXPECT_EQ(id_field("References", {"<a@b>", "<c@d>"}), "References: <a@b>\r\n <c@d>\r\n");
  EXPECT_EQ(id_field("References", {}), "");
}

}  // namespace
}  // namespace postern::mime
