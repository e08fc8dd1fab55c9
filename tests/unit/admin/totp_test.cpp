// Codes by time: RFC 6238, appendix B (of its eight digits the last six), and RFC 4648, section 10.
#include "protocols/admin/totp.h"

#include <gtest/gtest.h>

namespace postern::admin {
namespace {

const std::string kSecret = "12345678901234567890";

WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

TEST(Totp, CodesAreThoseOfTheRfc) {
  struct Case {
    std::int64_t seconds;
    const char* code;
  };
  for (const Case& one :
       {Case{59, "287082"}, Case{1111111109, "081804"}, Case{1111111111, "050471"},
        Case{1234567890, "005924"}, Case{2000000000, "279037"}, Case{20000000000, "353130"}}) {
    EXPECT_EQ(totp_code(kSecret, totp_step(at(one.seconds))), one.code);
  }
}

TEST(Totp, ACodeCountsForAStepAroundNowAndNeverBehindTheLast) {
  const WallTime now = at(1111111111);
  const std::int64_t step = totp_step(now);
  EXPECT_EQ(totp_match(kSecret, "050471", now, 0), step);
  EXPECT_EQ(totp_match(kSecret, totp_code(kSecret, step - 1), now, 0), step - 1);
  EXPECT_EQ(totp_match(kSecret, totp_code(kSecret, step + 1), now, 0), step + 1);
  EXPECT_EQ(totp_match(kSecret, totp_code(kSecret, step - 2), now, 0), std::nullopt);
  EXPECT_EQ(totp_match(kSecret, totp_code(kSecret, step + 2), now, 0), std::nullopt);
  EXPECT_EQ(totp_match(kSecret, "050471", now, step), std::nullopt);
  for (const char* code : {"", "05047", "0504711", "050472"}) {
    EXPECT_EQ(totp_match(kSecret, code, now, 0), std::nullopt) << code;
  }
}

TEST(Totp, Base32) {
  EXPECT_EQ(base32(""), "");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("fo"), "MZXQ");
  EXPECT_EQ(base32("foo"), "MZXW6");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(Totp, TheUriEscapesNames) {
  EXPECT_EQ(totp_uri("f", "A B", "joe@example.test"),
            "otpauth://totp/A%20B:joe%40example.test?secret=MY&issuer=A%20B");
}

}  // namespace
}  // namespace postern::admin
