// Queries in KQL as criteria, written in short: "any(plan)" is a word looked for everywhere, "&" all, "|" one
// of, "!" not.
#include "protocols/activesync/schema/kql.h"

#include <gtest/gtest.h>

#include "protocols/activesync/schema/kql_terms.h"

namespace postern::activesync {
namespace {

constexpr std::chrono::sys_days kToday = std::chrono::sys_days(std::chrono::days(20000));  // 2024-10-04

std::string shown(const SearchKey& key);

std::string shown(const std::vector<SearchKey>& keys, const char* between) {
  std::string text;
  for (const SearchKey& key : keys) text += (text.empty() ? "" : between) + shown(key);
  return "(" + text + ")";
}

std::string day_text(const SearchKey& key) {
  return std::to_string((key.day - kToday).count());
}

std::string shown(const SearchKey& key) {
  // The only disjunction that begins with From and ends with a text.
  const bool is_anywhere = key.kind == SearchKind::disjunction && key.children.size() == 6 &&
                           key.children[5].kind == SearchKind::body && key == anywhere(key.children[5].text);
  if (is_anywhere) return "any(" + key.children[5].text + ")";
  switch (key.kind) {
    case SearchKind::all: return "all";
    case SearchKind::conjunction: return shown(key.children, " & ");
    case SearchKind::disjunction: return shown(key.children, " | ");
    case SearchKind::negation: return "!" + shown(key.children[0]);
    case SearchKind::flag: return key.flag_bits == 1 ? "seen" : "flagged";
    case SearchKind::address: return key.field + "~" + key.text;
    case SearchKind::header: return "header " + key.field + "~" + key.text;
    case SearchKind::subject: return "subject~" + key.text;
    case SearchKind::body: return "body~" + key.text;
    case SearchKind::larger: return ">" + std::to_string(key.number);
    case SearchKind::smaller: return "<" + std::to_string(key.number);
    case SearchKind::internal_before: return "before" + day_text(key);
    case SearchKind::internal_on: return "on" + day_text(key);
    case SearchKind::internal_since: return "since" + day_text(key);
    case SearchKind::sent_on: return "sent_on" + day_text(key);
    default: return "?";
  }
}

struct Case {
  const char* query;
  const char* criteria;
};

class Kql : public testing::TestWithParam<Case> {};

TEST_P(Kql, BecomesCriteria) {
  const auto parsed = parse_kql(GetParam().query, kToday);
  ASSERT_TRUE(parsed) << GetParam().query << ": " << parsed.error().detail;
  EXPECT_EQ(shown(*parsed), GetParam().criteria) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Words, Kql,
    testing::Values(Case{"plan", "any(plan)"}, Case{"  budget   plan ", "(any(budget) & any(plan))"},
                    Case{"\"budget plan\"", "any(budget plan)"}, Case{"plan*", "any(plan)"},
                    Case{"\"unended plan", "any(unended plan)"},
                    Case{"\xE2\x80\x9Csmart quotes\xE2\x80\x9D", "any(smart quotes)"},
                    Case{"http://example.test/x", "any(http://example.test/x)"},
                    Case{"re: plan", "(any(re:) & any(plan))"}, Case{"a@example.test", "any(a@example.test)"},
                    Case{"\xC3\xBC"
                         "ber",
                         "any(\xC3\xBC"
                         "ber)"},
                    Case{"and or not", "(any(and) & any(or) & any(not))"}));

INSTANTIATE_TEST_SUITE_P(
    Operators, Kql,
    testing::Values(Case{"a AND b", "(any(a) & any(b))"}, Case{"a OR b c", "(any(a) | (any(b) & any(c)))"},
                    Case{"a OR b AND c OR d", "(any(a) | (any(b) & any(c)) | any(d))"},
                    Case{"(a OR b) c", "((any(a) | any(b)) & any(c))"}, Case{"NOT a", "!any(a)"},
                    Case{"NOT NOT a", "any(a)"}, Case{"a -b", "(any(a) & !any(b))"},
                    Case{"a - b", "(any(a) & any(b))"}, Case{"+a +b", "(any(a) & any(b))"},
                    Case{"-(a b)", "!(any(a) & any(b))"}, Case{"well-known", "any(well-known)"}));

INSTANTIATE_TEST_SUITE_P(Loose, Kql,
                         testing::Values(Case{"AND a", "any(a)"}, Case{"a AND", "any(a)"},
                                         Case{"a OR", "any(a)"}, Case{"OR a", "any(a)"},
                                         Case{"a AND AND b", "(any(a) & any(b))"}, Case{"a NOT", "any(a)"},
                                         Case{")a(", "any(a)"}, Case{"(a", "any(a)"},
                                         Case{"a)b", "(any(a) & any(b))"}, Case{"() a \"\"", "any(a)"},
                                         Case{"a+b", "any(a+b)"}, Case{"a --", "any(a)"},
                                         Case{"from: a", "From~a"}, Case{"from: a from:", "From~a"}));

INSTANTIATE_TEST_SUITE_P(
    Properties, Kql,
    testing::Values(
        Case{"from:zoe", "From~zoe"}, Case{"FROM:\"Zoe M\"", "From~Zoe M"},
        Case{"subject=plan", "subject~plan"}, Case{"subject<>plan", "!subject~plan"},
        Case{"body:plan", "body~plan"}, Case{"participants:zoe", "(From~zoe | To~zoe | Cc~zoe | Bcc~zoe)"},
        Case{"recipients:zoe", "(To~zoe | Cc~zoe | Bcc~zoe)"}, Case{"from:a from:b", "(From~a | From~b)"},
        Case{"from:a AND from:b", "(From~a & From~b)"}, Case{"from:a subject:b", "(From~a & subject~b)"},
        Case{"read:true", "seen"}, Case{"isread:false", "!seen"}, Case{"isflagged:yes", "flagged"},
        Case{"read:perhaps", "any(read:perhaps)"},
        Case{"hasattachment:true", "header Content-Type~multipart/mixed"}, Case{"kind:email", "all"},
        Case{"kind:meetings", "!all"}, Case{"size>1000", ">1000"}, Case{"size:<=1000", "<1001"},
        Case{"size>=10", "!<10"}, Case{"size=10", "(!<10 & !>10)"}, Case{"size:big", "any(size:big)"},
        Case{"received:today", "on0"}, Case{"received:yesterday", "on-1"},
        Case{"received>=2024-10-01", "since-3"}, Case{"received>2024-10-01", "since-2"},
        Case{"received<10/01/2024", "before-3"}, Case{"received<=2024-10-01T12:00:00", "before-2"},
        Case{"received<>today", "!on0"}, Case{"received:2024-10-01..2024-10-03", "(since-3 & before0)"},
        Case{"sent:2024-10-04", "sent_on0"}, Case{"received:2024-13-01", "any(received:2024-13-01)"},
        Case{"received:soon", "any(received:soon)"}));

// What iOS sends for a word typed into the search of Mail.
TEST(KqlOfPhones, EveryPlaceWithItsProperty) {
  const auto parsed = parse_kql("to:\"x\" OR cc:\"x\" OR from:\"x\" OR subject:\"x\" OR \"x\"", kToday);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(shown(*parsed), "(To~x | Cc~x | From~x | subject~x | any(x))");
}

TEST(KqlBounds, NothingToLookForIsInvalid) {
  for (const char* query : {"", "  ", "\"\"", "()", "AND", "NOT", "- + *", "from:", ")))"}) {
    const auto parsed = parse_kql(query, kToday);
    ASSERT_FALSE(parsed) << query;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid) << query;
  }
}

TEST(KqlBounds, TermsAreCounted) {
  std::string query;
  for (std::size_t i = 0; i < kKqlTermsMax; ++i) query += "a ";
  EXPECT_TRUE(parse_kql(query, kToday));
  const auto beyond = parse_kql(query + "a", kToday);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().kind, ErrorKind::too_large);
}

TEST(KqlBounds, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return parse_kql(std::string(depth, '(') + "a", kToday); };
  EXPECT_TRUE(nested(kKqlDepthMax));
  ASSERT_FALSE(nested(kKqlDepthMax + 1));
  EXPECT_EQ(nested(100'000).error().kind, ErrorKind::too_large);
  EXPECT_TRUE(parse_kql(std::string(100'001, '-') + "a", kToday));
}

}  // namespace
}  // namespace postern::activesync
