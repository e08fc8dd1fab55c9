// Members of bodies and parameters of queries: what is wrong is told with its name, all at once.
#include "protocols/admin/fields.h"

#include <gtest/gtest.h>

#include "protocols/admin/times.h"

namespace postern::admin {
namespace {

std::string wrong_members(const std::optional<Answer>& refusal) {
  std::string names;
  if (!refusal) return names;
  for (const Json& error : refusal->body["errors"]) names += error["member"].get<std::string>() + ' ';
  return names;
}

TEST(Fields, EveryWrongMemberIsNamed) {
  const Json body =
      Json::parse(R"({"text": 1, "flag": "yes", "number": -1, "limit": 0, "texts": [1], "other": {}})");
  Fields fields(body);
  fields.text("text");
  fields.flag("flag");
  fields.number("number", 0, 10);
  fields.limit("limit", 1);
  fields.texts("texts", 2);
  fields.need_text("missing");
  EXPECT_EQ(wrong_members(fields.refusal()), "text flag number limit texts missing other ");
}

TEST(Fields, ValuesAtTheirBounds) {
  Json body = Json::parse(R"({"most": 10, "more": 11, "none": null, "fraction": 1.5})");
  body["long"] = std::string(kTextOctetsMax, 'a');
  body["longer"] = std::string(kTextOctetsMax + 1, 'a');
  Fields fields(body);
  EXPECT_TRUE(fields.text("long").has_value());
  EXPECT_FALSE(fields.text("longer").has_value());
  EXPECT_EQ(fields.number("most", 1, 10), 10u);
  EXPECT_FALSE(fields.number("more", 1, 10).has_value());
  const auto none = fields.limit("none", 1);
  EXPECT_TRUE(none.has_value() && !none->has_value());
  EXPECT_FALSE(fields.limit("fraction", 1).has_value());
  EXPECT_FALSE(fields.limit("absent", 1).has_value());
  EXPECT_EQ(wrong_members(fields.refusal()), "longer more fraction ");
}

TEST(Fields, SignedNumbersAndLongTextsAtTheirBounds) {
  const Json body = Json::parse(
      R"({"least": -5, "less": -6, "most": 5, "more": 6, "huge": 18446744073709551615, "half": 0.5,
          "lines": "one\ntwo", "longer": "12345678", "nul": "a\u0000b", "number": 1})");
  Fields fields(body);
  EXPECT_EQ(fields.signed_number("least", 5), -5);
  EXPECT_EQ(fields.signed_number("most", 5), 5);
  for (const char* name : {"less", "more", "huge", "half"}) {
    EXPECT_FALSE(fields.signed_number(name, 5).has_value()) << name;
  }
  EXPECT_FALSE(fields.signed_number("absent", 5).has_value());
  EXPECT_EQ(fields.need_long_text("lines", 7), "one\ntwo");
  for (const char* name : {"longer", "nul", "number", "missing"}) fields.need_long_text(name, 7);
  EXPECT_EQ(wrong_members(fields.refusal()), "less more huge half longer nul number missing ");
}

TEST(Fields, TimesAreOfUtc) {
  const Json body = Json::parse(R"({"good": "2026-11-23T18:00:00Z", "bad": "yesterday"})");
  Fields fields(body);
  EXPECT_EQ(fields.time("good"), time_from("2026-11-23T18:00:00Z"));
  EXPECT_FALSE(fields.time("bad").has_value());
  EXPECT_EQ(wrong_members(fields.refusal()), "bad ");
}

TEST(Fields, FeaturesAreOnOffOrWithoutAWord) {
  const Json body = Json::parse(R"({"imap": true, "pop3": null, "mobile_sync": "on"})");
  Fields fields(body);
  const FeatureEdits edits = fields.features();
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(edits[0], (std::pair<Feature, std::optional<bool>>(Feature::pop3, std::nullopt)));
  EXPECT_EQ(edits[1], (std::pair<Feature, std::optional<bool>>(Feature::imap, true)));
  EXPECT_EQ(wrong_members(fields.refusal()), "mobile_sync ");
}

TEST(Query, ReadsAPageAndFilters) {
  const std::string text = "limit=500&after=" + cursor_of("joe@example.test") + "&tenant=7&flag=true";
  Query query(text);
  const PageRange range = query.page();
  EXPECT_EQ(range.items_max, 500u);
  EXPECT_EQ(range.after, "joe@example.test");
  EXPECT_EQ(query.tenant(), TenantId{7});
  EXPECT_TRUE(query.flag("flag"));
  EXPECT_FALSE(query.refusal().has_value());
}

TEST(Query, WhatCannotBeIsRefused) {
  for (const char* text : {"limit=0", "limit=501", "limit=x", "after=", "after=zz", "after=ff", "tenant=x",
                           "tenant=-1", "unknown=1", "flag=1", "feature=fax", "since=yesterday"}) {
    const std::string kept = text;
    Query query(kept);
    query.page();
    query.tenant();
    query.flag("flag");
    query.feature();
    query.time("since");
    const auto refusal = query.refusal();
    ASSERT_TRUE(refusal.has_value()) << text;
    EXPECT_EQ(refusal->status, 400) << text;
  }
}

TEST(Times, AreReadAsTheyAreWritten) {
  const std::string text = "2026-11-23T18:05:09Z";
  ASSERT_TRUE(time_from(text).has_value());
  EXPECT_EQ(time_text(*time_from(text)), text);
  EXPECT_TRUE(time_from("2024-02-29T00:00:00.123Z").has_value());
  for (const char* wrong :
       {"", "2026-11-23", "2026-11-23T18:05:09", "2026-11-23T18:05:09+01:00", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T18:60:09Z", "2026-11-23 18:05:09Z",
        "2026-11-23T18:05:09.xZ", "20a6-11-23T18:05:09Z"}) {
    EXPECT_FALSE(time_from(wrong).has_value()) << wrong;
  }
  EXPECT_TRUE(is_month("2026-12"));
  for (const char* wrong : {"2026-13", "2026-00", "2026-1", "202612", "2026-1a"})
    EXPECT_FALSE(is_month(wrong)) << wrong;
}

}  // namespace
}  // namespace postern::admin
