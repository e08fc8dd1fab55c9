// Bodies: which part, which type, and the exact sizes of MS-ASAIRS.
#include "protocols/activesync/body_render.h"

#include <gtest/gtest.h>

#include "tests/unit/activesync/message_fixture.h"

namespace postern::activesync {
namespace {

BodyOptions options(std::vector<BodyPreference> preferences, MimeSupport support = MimeSupport::never) {
  BodyOptions made;
  made.preferences = std::move(preferences);
  made.mime_support = support;
  return made;
}

BodyPreference cut(BodyType type, std::uint32_t size, bool all_or_none = false) {
  return {type, size, all_or_none, 0};
}

// As a command does it.
Body body_of(const Message& message, const BodyOptions& wanted) {
  Body body;
  for (const BodyCandidate& candidate : body_candidates(message.layout, wanted, message.octets.size())) {
    body = render_body(candidate, message.octets_of(candidate.range));
    if (body.data) break;
  }
  return body;
}

TEST(BodyRender, PlainText) {
  const Message message(kPlain);
  const Body body = body_of(message, options({{BodyType::plain_text, {}, false, 0}}));
  EXPECT_EQ(body.type, BodyType::plain_text);
  EXPECT_EQ(body.data, "Hello & <you>,\r\nna\xC3\xAFve\r\n");
  EXPECT_EQ(body.estimated_size, body.data->size());
  EXPECT_FALSE(body.truncated);
  EXPECT_EQ(native_body_type(message.layout), BodyType::plain_text);
}

TEST(BodyRender, PlainTextAsHtml) {
  const Body body = body_of(Message(kPlain), options({{BodyType::html, {}, false, 0}}));
  EXPECT_EQ(body.type, BodyType::html);
  EXPECT_EQ(body.data, "<html><body>Hello &amp; &lt;you&gt;,<br>\nna\xC3\xAFve<br>\n</body></html>");
}

TEST(BodyRender, HtmlAndItsText) {
  const Message message(kRelated);
  EXPECT_EQ(body_of(message, options({{BodyType::html, {}, false, 0}})).data,
            "<img src=\"cid:i1\">gr\xC3\xBC\xC3\x9F"
            "e");
  EXPECT_EQ(body_of(message, options({{BodyType::plain_text, {}, false, 0}})).data,
            "gr\xC3\xBC\xC3\x9F"
            "e");
}

TEST(BodyRender, TruncationIsExactAndKeepsCharacters) {
  const Message message(kPlain);
  // 16 octets up to the second line, "na", and two octets of "ï".
  const std::uint64_t all = 16 + 6 + 2;
  struct Case {
    std::uint32_t size;
    std::size_t octets;
    bool truncated;
  };
  const Case cases[] = {{0, 0, true},   {1, 1, true},   {18, 18, true},  {19, 18, true},
                        {20, 20, true}, {23, 23, true}, {24, 24, false}, {25, 24, false}};
  for (const Case& one : cases) {
    const Body body = body_of(message, options({cut(BodyType::plain_text, one.size)}));
    EXPECT_EQ(body.data->size(), one.octets) << one.size;
    EXPECT_EQ(body.truncated, one.truncated) << one.size;
    EXPECT_EQ(body.estimated_size, all) << one.size;
  }
}

TEST(BodyRender, AllOrNone) {
  const Message message(kAlternative);
  // The HTML does not fit and must not be cut: the plain text is given.
  Body body = body_of(message, options({cut(BodyType::html, 5, true), cut(BodyType::plain_text, 100)}));
  EXPECT_EQ(body.type, BodyType::plain_text);
  EXPECT_EQ(body.data, "plain text");
  // Nothing fits.
  body = body_of(message, options({cut(BodyType::html, 5, true)}));
  EXPECT_EQ(body.type, BodyType::html);
  EXPECT_EQ(body.data, std::nullopt);
  EXPECT_TRUE(body.truncated);
  EXPECT_EQ(body.estimated_size, 23U);
}

TEST(BodyRender, TheMessagesOwnFormFirst) {
  const Message message(kAlternative);
  const auto both = options({cut(BodyType::plain_text, 100), cut(BodyType::html, 100)});
  EXPECT_EQ(body_of(message, both).type, BodyType::html);
  EXPECT_EQ(body_of(Message(kPlain), both).type, BodyType::plain_text);
  // Nothing asked, or only what there is not: plain text.
  EXPECT_EQ(body_of(message, options({})).data, "plain text");
  EXPECT_EQ(body_of(message, options({{BodyType::rtf, {}, false, 0}})).type, BodyType::plain_text);
}

TEST(BodyRender, Mime) {
  const Message message(kAlternative);
  const BodyPreference whole{BodyType::mime, {}, false, 0};
  EXPECT_EQ(body_of(message, options({whole}, MimeSupport::always)).data, message.octets);
  EXPECT_EQ(body_of(message, options({whole}, MimeSupport::never)).type, BodyType::plain_text);
  EXPECT_EQ(body_of(message, options({whole}, MimeSupport::smime_only)).type, BodyType::plain_text);
  const Body some = body_of(message, options({cut(BodyType::mime, 7)}, MimeSupport::always));
  EXPECT_EQ(some.data, message.octets.substr(0, 7));
  EXPECT_TRUE(some.truncated);
  EXPECT_EQ(some.estimated_size, message.octets.size());
  const Body none = body_of(message, options({cut(BodyType::mime, 7, true)}, MimeSupport::always));
  EXPECT_EQ(none.data, std::nullopt);
  BodyOptions old = options({whole}, MimeSupport::always);
  old.mime_truncation_octets = 10;
  EXPECT_EQ(body_of(message, old).data->size(), 10U);
}

TEST(BodyRender, SignedMessagesWhole) {
  const Message message(
      "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\n\n"
      "--s\n\nsigned\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--s--\n");
  EXPECT_TRUE(message.layout.smime);
  const Body body = body_of(message, options({{BodyType::mime, {}, false, 0}}, MimeSupport::smime_only));
  EXPECT_EQ(body.type, BodyType::mime);
}

TEST(BodyRender, OnlyWhatIsNeededIsRead) {
  const Message message(kPlain);
  const auto candidates = body_candidates(
      message.layout, options({cut(BodyType::mime, 7)}, MimeSupport::always), message.octets.size());
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_EQ(candidates[0].range, (mime::OctetRange{0, 7}));
}

TEST(BodyRender, ALongTextIsToldAsTruncated) {
  const Message message("\n" + std::string(kTextPartOctetsMax + 1000, 'x'));
  const Body body = body_of(message, options({{BodyType::plain_text, {}, false, 0}}));
  EXPECT_EQ(body.data->size(), kTextPartOctetsMax);
  EXPECT_TRUE(body.truncated);
  EXPECT_NEAR(static_cast<double>(body.estimated_size), kTextPartOctetsMax + 1000, 2);
}

TEST(BodyRender, Previews) {
  const Message message("Content-Type: text/html\n\n<p>One\n two</p><p>\xC3\xA4\xC3\xB6\xC3\xBC more</p>");
  const auto preview = [&message](BodyType type, std::uint32_t characters,
                                  std::optional<std::uint32_t> size = {}) {
    return body_of(message, options({{type, size, false, characters}})).preview;
  };
  EXPECT_EQ(preview(BodyType::html, 255), "One two \xC3\xA4\xC3\xB6\xC3\xBC more");
  EXPECT_EQ(preview(BodyType::html, 7), "One two");
  EXPECT_EQ(preview(BodyType::html, 8), "One two");
  EXPECT_EQ(preview(BodyType::html, 9), "One two \xC3\xA4");
  EXPECT_EQ(preview(BodyType::html, 0), "");
  // R1001036
  EXPECT_EQ(preview(BodyType::plain_text, 255), "");
  EXPECT_EQ(preview(BodyType::plain_text, 3, 0), "One");
}

TEST(BodyRender, NoTextAtAll) {
  const Message message("Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\nAAEC");
  const Body body = body_of(message, options({{BodyType::html, {}, false, 0}}));
  EXPECT_EQ(body.type, BodyType::html);
  EXPECT_FALSE(body.truncated);
  ASSERT_EQ(message.layout.attachments.size(), 1U);
  EXPECT_EQ(message.layout.attachments[0].number, "1");
}

// The header's charset counts more; without one, HTML may tell its own.
TEST(BodyRender, HtmlMayTellItsCharset) {
  const Message told("Content-Type: text/html\n\n<meta charset=iso-8859-1>gr\xFC\xDF\n");
  EXPECT_EQ(body_of(told, options({{BodyType::plain_text, {}, false, 0}})).data, "gr\xC3\xBC\xC3\x9F");
  const Message both("Content-Type: text/html; charset=utf-8\n\n<meta charset=iso-8859-1>gr\xC3\xBC\n");
  EXPECT_EQ(body_of(both, options({{BodyType::plain_text, {}, false, 0}})).data, "gr\xC3\xBC");
}

TEST(BodyRender, ControlOctetsGo) {
  EXPECT_EQ(body_of(Message(std::string_view("\na\x01\f\tb\0c", 9)), options({})).data, "a\tbc");
}

TEST(BodyRender, BodyPart) {
  const Message message(kAlternative);
  BodyOptions wanted;
  EXPECT_FALSE(body_part_candidate(message.layout, wanted, message.octets.size()));
  wanted.part = cut(BodyType::html, 6);
  const auto candidate = body_part_candidate(message.layout, wanted, message.octets.size());
  ASSERT_TRUE(candidate);
  EXPECT_EQ(render_body(*candidate, message.octets_of(candidate->range)).data, "<p>htm");
}

}  // namespace
}  // namespace postern::activesync
