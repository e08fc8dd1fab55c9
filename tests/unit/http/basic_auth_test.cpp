#include "protocols/http/basic_auth.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"

namespace postern::http {
namespace {

std::string basic(const std::string& decoded) {
  return "Basic " + text::base64(decoded);
}

TEST(BasicAuth, UserNamesOfPhones) {
  struct Case {
    const char* given;
    const char* default_domain;
    const char* user;
  };
  const Case cases[] = {
      {"joe@example.org", "", "joe@example.org"},
      {"joe@example.org", "other.test", "joe@example.org"},
      {"example.org\\joe", "", "joe@example.org"},
      {"example.org\\joe", "other.test", "joe@example.org"},
      {"example.org\\joe@third.test", "other.test", "joe@third.test"},
      {"COMPANY\\joe", "example.org", "joe@example.org"},
      {"\\joe", "example.org", "joe@example.org"},
      {"joe", "example.org", "joe@example.org"},
      {"joe", "", "joe"},
      {"COMPANY\\joe", "", "COMPANY\\joe"},
      {"J\xC3\xBCrgen@example.org", "", "J\xC3\xBCrgen@example.org"},
      {"J\xFCrgen@example.org", "", "J\xC3\xBCrgen@example.org"},
  };
  for (const Case& one : cases) {
    const auto credentials = basic_credentials(basic(std::string(one.given) + ":a:b c"), one.default_domain);
    ASSERT_TRUE(credentials) << one.given;
    EXPECT_EQ(credentials->user, one.user) << one.given;
    EXPECT_EQ(credentials->password.reveal(), "a:b c");
  }
  EXPECT_EQ(basic_credentials("bAsIc   " + text::base64("u:"), "")->password.reveal(), "");
  EXPECT_EQ(basic_credentials(basic("u:p\xE4ss"), "")->password.reveal(), "p\xC3\xA4ss");
}

TEST(BasicAuth, RefusesWhatIsNot) {
  for (const std::string& text :
       {std::string(), std::string("Basic"), std::string("Basic "), std::string("Bearer dTpw"),
        std::string("Basic dTpw!"), std::string("Basic dTpwCg"), basic("nocolon"), basic(":p"),
        basic("u:p\n"), basic(std::string("u:p\0", 4)), basic(std::string("u\0:p", 4)), basic("u:\x7F")}) {
    EXPECT_FALSE(basic_credentials(text, "example.org")) << text;
  }
  EXPECT_TRUE(basic_credentials(basic("u:" + std::string(kBasicPasswordOctetsMax, 'p')), ""));
  EXPECT_FALSE(basic_credentials(basic("u:" + std::string(kBasicPasswordOctetsMax + 1, 'p')), ""));
  EXPECT_TRUE(basic_credentials(basic(std::string(kUserOctetsMax, 'u') + ":p"), ""));
  EXPECT_FALSE(basic_credentials(basic(std::string(kUserOctetsMax + 1, 'u') + ":p"), ""));
  EXPECT_FALSE(basic_credentials(basic(std::string(1'000'000, 'u') + ":p"), ""));
}

}  // namespace
}  // namespace postern::http
