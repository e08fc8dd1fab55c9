#include "protocols/imap/threading.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

// Of a message: its number, which is also when it was sent, what it answers, and its subject.
struct Mail {
  std::uint32_t number;
  std::string id;
  std::vector<std::string> references = {};
  std::string subject = "";
  bool is_reply = false;
};

std::vector<Threadable> messages(const std::vector<Mail>& mails) {
  std::vector<Threadable> all;
  for (const Mail& mail : mails) {
    Threadable one;
    one.number = mail.number;
    one.sent = WallTime(std::chrono::seconds(mail.number));
    one.subject = mail.subject;
    one.is_reply = mail.is_reply;
    one.message_id = mail.id;
    one.references = mail.references;
    all.push_back(std::move(one));
  }
  return all;
}

std::string by_references(const std::vector<Mail>& mails) {
  return threads_by_references(messages(mails));
}

TEST(ThreadReferences, ChainsAndBranches) {
  EXPECT_EQ(by_references({}), "");
  EXPECT_EQ(by_references({{1, "a"}, {2, "b"}}), "(1)(2)");
  EXPECT_EQ(by_references({{2, "a"}, {3, "b", {"a"}}, {4, "c", {"a", "b"}}}), "(2 3 4)");
  // The example of RFC 5256 §4: 3 is answered by 6, and 6 by two who are answered themselves.
  EXPECT_EQ(by_references({{2, "x"},
                           {3, "a"},
                           {6, "b", {"a"}},
                           {4, "c", {"a", "b"}},
                           {23, "d", {"c"}},
                           {44, "e", {"b"}},
                           {7, "f", {"e"}},
                           {96, "g", {"f"}}}),
            "(2)(3 6 (4 23)(44 7 96))");
}

TEST(ThreadReferences, ParentsThatNobodyHas) {
  EXPECT_EQ(by_references({{1, "a", {"gone"}}}), "(1)");
  EXPECT_EQ(by_references({{1, "a", {"gone"}}, {2, "b", {"gone"}}}), "((1)(2))");
  EXPECT_EQ(by_references({{1, "a"}, {2, "b", {"a", "gone"}}, {3, "c", {"a", "gone", "gone too"}}}),
            "(1 (2)(3))");
  EXPECT_EQ(by_references({{1, "a", {"r", "x"}}, {2, "b", {"r", "y"}}}), "((1)(2))");
}

TEST(ThreadReferences, LoopsAndTwins) {
  EXPECT_EQ(by_references({{1, "a", {"a"}}}), "(1)");
  EXPECT_EQ(by_references({{1, "a", {"b"}}, {2, "b", {"a"}}}), "(2 1)");
  EXPECT_EQ(by_references({{1, "a"}, {2, "a"}, {3, "b", {"a"}}}), "(1 3)(2)");
  EXPECT_EQ(by_references({{1, ""}, {2, ""}}), "(1)(2)");
}

TEST(ThreadReferences, JoinedBySubject) {
  EXPECT_EQ(by_references({{1, "a", {}, "soup"}, {2, "b", {}, "soup", true}}), "(1 2)");
  EXPECT_EQ(by_references({{1, "a", {}, "soup", true}, {2, "b", {}, "soup"}}), "(2 1)");
  EXPECT_EQ(by_references({{1, "a", {}, "soup"}, {2, "b", {}, "soup"}}), "((1)(2))");
  EXPECT_EQ(by_references({{1, "a", {}, "soup"}, {2, "b", {}, "soup"}, {3, "c", {}, "soup"}}), "((1)(2)(3))");
  EXPECT_EQ(by_references({{1, "a", {}, ""}, {2, "b", {}, ""}}), "(1)(2)");
  EXPECT_EQ(
      by_references({{1, "a", {"x"}, "s"}, {2, "b", {"x"}, "s"}, {3, "c", {"y"}, "s"}, {4, "d", {"y"}, "s"}}),
      "((1)(2)(3)(4))");
}

// What one sender can put together must not cost its square.
TEST(ThreadReferences, LongChainsAndManyDummies) {
  std::vector<Mail> chain;
  for (std::uint32_t n = 1; n <= 50'000; ++n) {
    chain.push_back({n, std::to_string(n), {std::to_string(n - 1)}});
  }
  const std::string threads = by_references(chain);
  EXPECT_EQ(threads.substr(0, 8), "(1 2 3 4");
  EXPECT_EQ(std::count(threads.begin(), threads.end(), '('), 1);
  std::vector<Mail> below;
  for (std::uint32_t n = 1; n <= 2'000; ++n) {
    Mail mail{n, std::to_string(n)};
    for (std::size_t i = 0; i < kReferencesMax; ++i) mail.references.push_back("d" + std::to_string(n + i));
    below.push_back(std::move(mail));
  }
  EXPECT_EQ(by_references(below).substr(0, 2), "((");
}

TEST(ThreadOrderedSubject, ByTheFirstOfEach) {
  EXPECT_EQ(
      threads_by_subject(messages({{1, "", {}, "b"}, {2, "", {}, "a"}, {3, "", {}, "b"}, {4, "", {}, "b"}})),
      "(1 (3)(4))(2)");
  EXPECT_EQ(threads_by_subject(messages({{1, "", {}, "b"}, {2, "", {}, "b"}})), "(1 2)");
  EXPECT_EQ(threads_by_subject({}), "");
}

TEST(MessageIds, InAngleBrackets) {
  EXPECT_EQ(ids_in("References: <a@b>\r\n <c@d> junk <> <e"), (std::vector<std::string>{"a@b", "c@d"}));
  EXPECT_EQ(ids_in("<<a>"), (std::vector<std::string>{"a"}));
  std::string many;
  for (int i = 0; i < 300; ++i) many += "<" + std::to_string(i) + ">";
  EXPECT_EQ(ids_in(many).size(), kReferencesMax);
  EXPECT_EQ(ids_in(many).back(), "299");
}

}  // namespace
}  // namespace postern::imap
