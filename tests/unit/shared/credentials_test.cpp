// Passwords: our own hashes, imported ones, and what must not be accepted.
#include "protocols/shared/credentials.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(Credentials, OwnHashVerifiesAndKnowsItsPassword) {
  auto made = make_credentials(Secret("open sesame"), 1);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->password_hash.substr(0, 3), "$y$");
  EXPECT_TRUE(verify_password(Secret("open sesame"), made->password_hash));
  EXPECT_FALSE(verify_password(Secret("open sesam"), made->password_hash));
  EXPECT_FALSE(verify_password(Secret(""), made->password_hash));
  const auto keys = scram_from_text(made->scram_sha256);
  ASSERT_TRUE(keys);
  const ScramSha256 again = make_scram_sha256(Secret("open sesame"), keys->salt, keys->iterations);
  EXPECT_EQ(again.stored_key, keys->stored_key);
  EXPECT_EQ(again.server_key, keys->server_key);
}

TEST(Credentials, Bounds) {
  EXPECT_TRUE(make_credentials(Secret(std::string(kPasswordOctetsMax - 1, 'x')), 1));
  EXPECT_FALSE(make_credentials(Secret(std::string(kPasswordOctetsMax, 'x')), 1));
  EXPECT_FALSE(make_credentials(Secret(""), 1));
  EXPECT_FALSE(make_credentials(Secret(std::string("a\0b", 3)), 1));
  EXPECT_FALSE(make_credentials(Secret("x"), kYescryptCostMax + 1));
}

// Made with crypt(3) for the password "secret".
TEST(Credentials, Imports) {
  const std::string bcrypt = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy";
  EXPECT_TRUE(import_credentials(bcrypt));
  EXPECT_TRUE(verify_password(Secret("U*U"), "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
  const std::string sha512 =
      "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1";
  EXPECT_TRUE(verify_password(Secret("Hello world!"), sha512));
  EXPECT_FALSE(verify_password(Secret("Hello world"), sha512));
  EXPECT_TRUE(import_credentials(sha512));
}

TEST(Credentials, RefusesWhatIsNoHashOrCostsTooMuch) {
  for (auto bad :
       {"", "plain", "{SHA}abc", "$1$abc$defghijklmnop", "abJnggxhB/yWI", "$6$rounds=99999999$salt$x",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy", "$y$jFT$abc$def", "*0"}) {
    EXPECT_FALSE(import_credentials(bad)) << bad;
    EXPECT_FALSE(verify_password(Secret("secret"), bad)) << bad;
  }
}

TEST(Credentials, ScramTextIsStrict) {
  ScramSha256 keys;
  keys.salt = "salt";
  keys.stored_key = std::string(32, 'a');
  keys.server_key = std::string(32, 'b');
  EXPECT_EQ(scram_from_text(to_text(keys))->server_key, keys.server_key);
  for (auto bad : {"", "4096", "0:c2FsdA==:x:y", "4096:c2FsdA==:YQ==:YQ=="})
    EXPECT_FALSE(scram_from_text(bad)) << bad;
}

// RFC 7677 §3: user "user", password "pencil".
TEST(Credentials, ScramKeysOfTheRfc) {
  const ScramSha256 keys =
      make_scram_sha256(Secret("pencil"), "[m\x99h\x9d\x12\x35\x8e\xec\xa0K\x14\x12\x36\xfa\x81", 4096);
  EXPECT_EQ(keys.stored_key.size(), 32U);
  // Composed and decomposed spellings are one password.
  EXPECT_EQ(make_scram_sha256(Secret("caf\xC3\xA9"), "s", 1).stored_key,
            make_scram_sha256(Secret("cafe\xCC\x81"), "s", 1).stored_key);
}

}  // namespace
}  // namespace postern
