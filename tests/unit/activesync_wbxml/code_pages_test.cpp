// MS-ASWBXML section 2.1.2.1: the table of tokens.
#include "protocols/activesync/wbxml/code_pages.h"

#include <gtest/gtest.h>

namespace postern::activesync {
namespace {

TEST(CodePages, HaveAllTokensOfTheSpecification) {
  std::size_t known = 0;
  for (std::size_t page = 0; page < kCodePages; ++page) {
    for (std::size_t token = 0; token < 256; ++token) {
      if (!element_name(make_tag(page, token)).empty()) ++known;
    }
  }
  EXPECT_EQ(known, 586U);
}

TEST(CodePages, NamesAndTokensAgreeBothWays) {
  struct Case {
    std::string_view name;
    std::uint8_t page;
    std::uint8_t token;
  };
  const Case cases[] = {
      {"AirSync:Sync", 0, 0x05},
      {"AirSync:HeartbeatInterval", 0, 0x29},
      {"AirSync:CollectionId", 0, 0x12},
      {"Contacts:WeightedRank", 1, 0x3E},
      {"Email:Subject", 2, 0x14},
      {"Calendar:ClientUid", 4, 0x3C},
      {"FolderHierarchy:Count", 7, 0x17},
      {"Ping:MaxFolders", 13, 0x0D},
      {"AirSyncBase:Data", 17, 0x0B},
      {"ComposeMail:Mime", 21, 0x10},
      {"Email2:Send", 22, 0x17},
      {"Provision:AccountOnlyRemoteWipe", 14, 0x3B},
      {"Settings:PrimarySmtpAddress", 18, 0x23},
      {"Find:Picture", 25, 0x22},
  };
  for (const Case& one : cases) {
    const auto tag = find_tag(one.name);
    ASSERT_TRUE(tag) << one.name;
    EXPECT_EQ(page_of(*tag), one.page) << one.name;
    EXPECT_EQ(token_of(*tag), one.token) << one.name;
    EXPECT_EQ(qualified_name(*tag), one.name);
  }
}

TEST(CodePages, EveryNameIsFoundAgain) {
  for (std::size_t page = 0; page < kCodePages; ++page) {
    for (std::size_t token = kTokenFirst; token <= kTokenLast; ++token) {
      const Tag tag = make_tag(page, token);
      if (element_name(tag).empty()) continue;
      EXPECT_EQ(find_tag(qualified_name(tag)), tag) << qualified_name(tag);
    }
  }
}

TEST(CodePages, WhatIsNotThereIsNotFound) {
  for (const char* name : {"", ":", "Email", "Email:", ":Subject", "Email:-", "Email:subject", "Nothing:Sync",
                           "Email:Subject:", "AirNotify:Notify"}) {
    EXPECT_FALSE(find_tag(name)) << name;
  }
  EXPECT_EQ(qualified_name(make_tag(3, 5)), "Page03:Token05");
  EXPECT_EQ(qualified_name(make_tag(200, 0x3F)), "PageC8:Token3F");
}

}  // namespace
}  // namespace postern::activesync
