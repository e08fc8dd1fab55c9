#include "protocols/imap/command_table.h"

#include <gtest/gtest.h>

#include <set>

namespace postern::imap {
namespace {

TEST(CommandTable, EveryCommandTypeHasARow) {
  EXPECT_EQ(command_rows().size(),
            std::variant_size_v<Command> + 9);  // EXAMINE and the UID forms share types
  std::set<std::string_view> names;
  for (const CommandRow& row : command_rows()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
}

TEST(CommandTable, HoldsExpungesBackWhereNumbersAreInTheAir) {
  for (const std::string_view name : {"FETCH", "STORE", "SEARCH"}) {
    EXPECT_EQ(find_command(name)->expunges, Expunges::held_back) << name;
    EXPECT_EQ(find_command("UID " + std::string(name))->expunges, Expunges::allowed) << name;
    EXPECT_EQ(find_command(name)->numbers, Numbers::sequence) << name;
    EXPECT_EQ(find_command("UID " + std::string(name))->numbers, Numbers::none) << name;
  }
  EXPECT_EQ(find_command("fetch"), nullptr);
  EXPECT_EQ(find_command("UID NOOP"), nullptr);
}

TEST(CommandTable, CapabilitiesDifferByState) {
  Offer stranger;
  stranger.start_tls = true;
  stranger.plaintext = false;
  stranger.mechanisms = {"SCRAM-SHA-256"};
  EXPECT_EQ(capability_text(stranger),
            "IMAP4rev1 IMAP4rev2 LITERAL+ ID SASL-IR ENABLE STARTTLS LOGINDISABLED AUTH=SCRAM-SHA-256");
  Offer user;
  user.logged_in = true;
  user.append_octets_max = 77;
  const std::string text = ' ' + capability_text(user) + ' ';
  for (const std::string_view word :
       {"IMAP4rev1", "QRESYNC", "OBJECTID", "UIDONLY", "MOVE", "APPENDLIMIT=77"}) {
    EXPECT_NE(text.find(' ' + std::string(word) + ' '), std::string::npos) << word;
  }
  EXPECT_EQ(text.find("AUTH="), std::string::npos);
}

}  // namespace
}  // namespace postern::imap
