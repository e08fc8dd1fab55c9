// The demo's messages and passwords.
#include <gtest/gtest.h>

#include <set>

#include "gateway/cli/demo_messages.h"
#include "gateway/cli/passwords.h"

namespace postern::cli {
namespace {

const WallTime kToday = WallTime(std::chrono::sys_days(std::chrono::year(2024) / 7 / 17));

TEST(DemoMessages, AreMessagesWithCrlfAndShortLines) {
  std::vector<DemoMessage> messages = demo_messages("alice", kToday);
  for (const DemoMessage& report : demo_bulk("alice", kToday, 2)) messages.push_back(report);
  ASSERT_GE(messages.size(), 8u);
  std::set<std::string> ids;
  for (const DemoMessage& message : messages) {
    std::size_t line = 0;
    for (std::size_t i = 0; i < message.octets.size(); ++i) {
      if (message.octets[i] == '\n') {
        ASSERT_GT(i, 0u);
        ASSERT_EQ(message.octets[i - 1], '\r');
        ASSERT_LE(i - line, 998u);
        line = i + 1;
      }
    }
    ASSERT_NE(message.octets.find("\r\n\r\n"), std::string::npos);
    ASSERT_EQ(message.octets.find('{'), std::string::npos) << "a place was not filled in";
    const auto id = message.octets.find("Message-ID: <");
    ASSERT_NE(id, std::string::npos);
    ids.insert(message.octets.substr(id, message.octets.find('>', id) - id));
  }
  EXPECT_EQ(ids.size(), messages.size());
}

TEST(DemoMessages, DateIsThatOfRfc5322) {
  EXPECT_NE(
      demo_messages("alice", kToday).back().octets.find("\r\nDate: Wed, 17 Jul 2024 00:00:00 +0000\r\n"),
      std::string::npos);
}

TEST(DemoMessages, AreTheSameTwice) {
  EXPECT_EQ(demo_messages("bob", kToday).front().octets, demo_messages("bob", kToday).front().octets);
  EXPECT_NE(demo_messages("bob", kToday).front().octets, demo_messages("alice", kToday).front().octets);
}

TEST(GeneratedPassword, IsLongAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Secret password = generated_password();
    EXPECT_EQ(password.reveal().size(), 20u);
    EXPECT_EQ(password.reveal().find_first_of("l01oO"), std::string_view::npos);
    seen.insert(std::string(password.reveal()));
  }
  EXPECT_EQ(seen.size(), 100u);
}

}  // namespace
}  // namespace postern::cli
