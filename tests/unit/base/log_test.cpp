// The two forms of a line of the log: one event each, whatever its values hold.
#include "gateway/base/log.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

constexpr std::uint64_t kSession = 281474976710657;

TEST(Log, ALineInBothForms) {
  EXPECT_EQ(
      format_event(LogFormat::json, Level::info, "login.accepted",
                   {{"session", kSession}, {"peer", "192.0.2.7"}, {"encrypted", true}}),
      R"("level":"info","event":"login.accepted","session":281474976710657,"peer":"192.0.2.7","encrypted":true)");
  EXPECT_EQ(format_event(LogFormat::logfmt, Level::info, "login.accepted",
                         {{"session", kSession}, {"peer", "192.0.2.7"}, {"encrypted", true}}),
            "info login.accepted session=281474976710657 peer=192.0.2.7 encrypted=true");
}

TEST(Log, NoValueForgesALine) {
  const std::string hostile = "a\" b=c\\\r\n\x01\xff{}";
  const std::string json = format_event(LogFormat::json, Level::error, "x.y", {{"detail", hostile}});
  EXPECT_EQ(json, R"("level":"error","event":"x.y","detail":"a\" b=c\\\u000d\u000a\u0001\u00ff{}")");
  const std::string logfmt = format_event(LogFormat::logfmt, Level::error, "x.y", {{"detail", hostile}});
  EXPECT_EQ(logfmt, R"(error x.y detail="a\x22 b=c\x5c\x0d\x0a\x01\xff{}")");
}

}  // namespace
}  // namespace postern
