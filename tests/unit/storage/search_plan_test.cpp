#include "storage/search_plan.h"

#include <gtest/gtest.h>

#include "storage/mime/scanner.h"
#include "storage/search_text.h"

namespace postern {
namespace {

using std::chrono::sys_days;
using namespace std::chrono_literals;

SearchKey key(SearchKind kind) {
  SearchKey result;
  result.kind = kind;
  return result;
}
SearchKey with_text(SearchKind kind, std::string text, std::string field = "") {
  SearchKey result = key(kind);
  result.text = std::move(text);
  result.field = std::move(field);
  return result;
}
SearchKey on(SearchKind kind, sys_days day) {
  SearchKey result = key(kind);
  result.day = day;
  return result;
}
SearchKey sized(SearchKind kind, std::uint64_t number) {
  SearchKey result = key(kind);
  result.number = number;
  return result;
}
SearchKey group(SearchKind kind, std::vector<SearchKey> children) {
  SearchKey result = key(kind);
  result.children = std::move(children);
  return result;
}
SearchKey negated(SearchKey inner) {
  return group(SearchKind::negation, {std::move(inner)});
}
SearchKey flagged(SystemFlag flag) {
  SearchKey result = key(SearchKind::flag);
  result.flag_bits = static_cast<std::uint8_t>(flag);
  return result;
}

constexpr std::string_view kMessage =
    "From: \"Doe, =?utf-8?q?J=C3=B6rg?=\" <joerg@example.test>\r\n"
    "To: =?iso-8859-1?q?Fran=E7ois?= <f@example.org>, Team: a@x.test, b@x.test;\r\n"
    "Subject: =?utf-8?b?R3LDvMOfZQ==?= from\r\n the =?utf-8?q?K=C3=BCche?=\r\n"
    "Date: Tue, 31 Dec 2024 23:30:00 -0500\r\n"
    "X-Spam: Maybe =?utf-8?q?=C3=84?=\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "preamble\r\n--b\r\n"
    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Stra=DFe und H=\r\nut\r\n--b\r\n"
    "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+VmlzaWJsZSA8Yj53b3JkczwvYj48c2NyaXB0PmhpZGRlbigpPC9zY3JpcHQ+PC9wPg==\r\n--b\r\n"
    "Content-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\n\r\nenclosed text\r\n--b\r\n"
    "Content-Type: application/pdf\r\n\r\nattached octets\r\n--b--\r\n";

// One message: UID 7, \Seen, modseq 50, keyword "work".
class SearchPlanTest : public testing::Test {
 protected:
  SearchPlanTest() : structure_(mime::scan(kMessage)) {
    keywords_.learn(3, "work");
    state_.uid = Uid(7);
    state_.modseq = ModSeq(50);
    state_.flags = 1 | keywords_.intern({3}) << 8;
    facts_.uid = Uid(7);
    facts_.size = 1000;
    facts_.internal_date = sys_days(2025y / 1 / 1) + 1h;
    facts_.internal_zone_minutes = -120;  // so the day is 31 December
  }

  // Asks as the search does: with more and more at hand, until there is an answer.
  Truth ask(const SearchKey& criteria, std::size_t piece = 7) {
    const auto plan = SearchPlan::make(criteria, keywords_);
    EXPECT_TRUE(plan);
    SearchEvidence evidence;
    evidence.state = &state_;
    asked_ = 0;
    if (const Truth truth = plan->evaluate(evidence); truth != Truth::unknown) return truth;
    asked_ = 1;
    evidence.facts = &facts_;
    if (const Truth truth = plan->evaluate(evidence); truth != Truth::unknown) return truth;
    asked_ = 2;
    evidence.structure = &structure_;
    if (const Truth truth = plan->evaluate(evidence); truth != Truth::unknown) return truth;
    asked_ = 3;
    TextScan scan(*plan, structure_);
    while (scan.walk().next()) {
      const auto range = scan.walk().range();
      const std::string_view octets = kMessage.substr(range.begin, range.size());
      for (std::size_t at = 0; at < octets.size(); at += piece) scan.walk().feed(octets.substr(at, piece));
    }
    evidence.found = &scan.found();
    evidence.octets_complete = true;
    return plan->evaluate(evidence);
  }
  bool matches(const SearchKey& criteria) {
    const Truth truth = ask(criteria);
    EXPECT_NE(truth, Truth::unknown);
    EXPECT_EQ(ask(criteria, 1), truth);
    EXPECT_EQ(ask(criteria, 100'000), truth);
    EXPECT_EQ(ask(negated(criteria)), truth == Truth::yes ? Truth::no : Truth::yes);
    return truth == Truth::yes;
  }

  const mime::Structure structure_;
  KeywordTable keywords_;
  MessageState state_;
  MessageFacts facts_;
  int asked_ = 0;  // 0 state, 1 facts, 2 structure, 3 octets
};

TEST_F(SearchPlanTest, StateIsEnoughForFlagsAndNumbers) {
  EXPECT_TRUE(matches(key(SearchKind::all)));
  EXPECT_TRUE(matches(flagged(SystemFlag::seen)));
  EXPECT_FALSE(matches(flagged(SystemFlag::deleted)));
  EXPECT_TRUE(matches(with_text(SearchKind::keyword, "WORK")));
  EXPECT_FALSE(matches(with_text(SearchKind::keyword, "play")));
  EXPECT_TRUE(matches(sized(SearchKind::modseq, 50)));
  EXPECT_FALSE(matches(sized(SearchKind::modseq, 51)));
  SearchKey uids = key(SearchKind::uids);
  uids.uids.add(Uid(7), Uid(9));
  EXPECT_TRUE(matches(uids));
  EXPECT_EQ(asked_, 0);
}

TEST_F(SearchPlanTest, SizesAreStrictAndDaysAreThoseOfTheirZone) {
  EXPECT_TRUE(matches(sized(SearchKind::larger, 999)));
  EXPECT_FALSE(matches(sized(SearchKind::larger, 1000)));
  EXPECT_TRUE(matches(sized(SearchKind::smaller, 1001)));
  EXPECT_FALSE(matches(sized(SearchKind::smaller, 1000)));
  const sys_days last = 2024y / 12 / 31;
  EXPECT_TRUE(matches(on(SearchKind::internal_on, last)));
  EXPECT_FALSE(matches(on(SearchKind::internal_before, last)));
  EXPECT_TRUE(matches(on(SearchKind::internal_since, last)));
  EXPECT_TRUE(matches(on(SearchKind::internal_before, last + std::chrono::days(1))));
  EXPECT_TRUE(matches(on(SearchKind::sent_on, last)));
  EXPECT_FALSE(matches(on(SearchKind::sent_since, last + std::chrono::days(1))));
}

struct TextCase {
  SearchKind kind;
  std::string text;
  std::string field;
  bool expected;
};
void PrintTo(const TextCase& c, std::ostream* out) {
  *out << static_cast<int>(c.kind) << " " << c.field << " " << c.text;
}

class SearchTexts : public SearchPlanTest, public testing::WithParamInterface<TextCase> {};
TEST_P(SearchTexts, AreFoundWhereTheyMayBe) {
  const TextCase& c = GetParam();
  EXPECT_EQ(matches(with_text(c.kind, c.text, c.field)), c.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, SearchTexts,
    testing::Values(
        TextCase{SearchKind::subject, "GRÜSSE FROM THE küche", "", true},
        TextCase{SearchKind::subject, "inner", "", false}, TextCase{SearchKind::subject, "", "", true},
        TextCase{SearchKind::address, "doe, JÖRG", "From", true},
        TextCase{SearchKind::address, "joerg@example.test", "from", true},
        TextCase{SearchKind::address, "françois", "To", true},
        TextCase{SearchKind::address, "a@x.test", "To", true},
        TextCase{SearchKind::address, "joerg", "To", false}, TextCase{SearchKind::address, "", "Cc", false},
        TextCase{SearchKind::header, "ä", "x-spam", true}, TextCase{SearchKind::header, "", "X-Spam", true},
        TextCase{SearchKind::header, "", "X-Absent", false},
        TextCase{SearchKind::header, "no", "X-Spam", false},
        TextCase{SearchKind::body, "STRASSE", "", true},          // charset and ß
        TextCase{SearchKind::body, "und hut", "", true},          // a soft line break
        TextCase{SearchKind::body, "visible words", "", true},    // base64, markup
        TextCase{SearchKind::body, "hidden", "", false},          // script
        TextCase{SearchKind::body, "<b>", "", false},             //
        TextCase{SearchKind::body, "enclosed", "", true},         // embedded message
        TextCase{SearchKind::body, "inner", "", true},            // and its header
        TextCase{SearchKind::body, "attached", "", false},        // not a text part
        TextCase{SearchKind::body, "joerg", "", false},           //
        TextCase{SearchKind::text, "joerg", "", true},            //
        TextCase{SearchKind::text, "maybe ä", "", true},          //
        TextCase{SearchKind::text, "application/pdf", "", true},  // a part's header
        TextCase{SearchKind::text, "enclosed", "", true},         //
        TextCase{SearchKind::text, "nowhere", "", false}));

TEST_F(SearchPlanTest, CheapKeysSpareTheOctets) {
  const SearchKey body = with_text(SearchKind::body, "strasse");
  EXPECT_EQ(ask(group(SearchKind::conjunction, {body, flagged(SystemFlag::deleted)})), Truth::no);
  EXPECT_EQ(asked_, 0);
  EXPECT_EQ(ask(group(SearchKind::disjunction, {body, sized(SearchKind::larger, 1)})), Truth::yes);
  EXPECT_EQ(asked_, 1);
  EXPECT_EQ(ask(group(SearchKind::conjunction, {body, flagged(SystemFlag::seen)})), Truth::yes);
  EXPECT_EQ(asked_, 3);
}

TEST_F(SearchPlanTest, EmptyGroupsAreNeutral) {
  EXPECT_EQ(ask(group(SearchKind::conjunction, {})), Truth::yes);
  EXPECT_EQ(ask(group(SearchKind::disjunction, {})), Truth::no);
}

TEST_F(SearchPlanTest, DepthIsBounded) {
  SearchKey deep = key(SearchKind::all);
  for (std::size_t i = 1; i < kSearchDepthMax; ++i) deep = negated(std::move(deep));
  EXPECT_EQ(ask(deep), kSearchDepthMax % 2 == 1 ? Truth::yes : Truth::no);
  const auto refused = SearchPlan::make(negated(std::move(deep)), keywords_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::invalid);
}

}  // namespace
}  // namespace postern
