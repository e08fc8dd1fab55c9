// A common status as the answer to each command.
#include "protocols/activesync/command_refusal.h"

#include <gtest/gtest.h>

#include "tests/support/activesync_answers.h"

namespace postern::activesync {
namespace {

TEST(CommandRefusal, EveryCommandHasAPlaceForIt) {
  std::size_t told = 0;
  for (int code = 0; code <= 23; ++code) {
    const auto command = static_cast<Command>(code);
    std::string out;
    write_command_refusal(out, command, CommonStatus::device_not_provisioned);
    const bool has_body = !name_of(command).empty() && command != Command::get_attachment;
    ASSERT_EQ(!out.empty(), has_body) << code;
    if (!has_body) continue;
    const std::string xml = answer_xml(std::move(out));
    EXPECT_NE(xml.find("<Status>142</Status>"), std::string::npos) << xml;
    EXPECT_NE(xml.find(":" + std::string(name_of(command)) + ">"), std::string::npos) << xml;
    ++told;
  }
  EXPECT_EQ(told, 19U);
}

}  // namespace
}  // namespace postern::activesync
