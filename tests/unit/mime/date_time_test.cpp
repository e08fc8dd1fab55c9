// Dates as headers have them and as IMAP wants them.
#include "storage/mime/date_time.h"

#include <gtest/gtest.h>

namespace postern::mime {
namespace {

struct Case {
  std::string value;
  std::string date;  // format_date's, or "none"
};

class Dates : public testing::TestWithParam<Case> {};

TEST_P(Dates, Parse) {
  const std::optional<DateTime> date = parse_date(GetParam().value);
  EXPECT_EQ(date ? format_date(*date) : "none", GetParam().date);
}

INSTANTIATE_TEST_SUITE_P(
    Mime, Dates,
    testing::Values(Case{"Wed, 17 Jul 1996 02:44:25 -0700 (PDT)", "Wed, 17 Jul 1996 02:44:25 -0700"},
                    Case{"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600",
                         "Fri, 21 Nov 1997 00:00:00 +0000"},
                    Case{"17 Jul 1996 02:44 +0530", "Wed, 17 Jul 1996 02:44:00 +0530"},
                    Case{"Thu,29 Feb 2024 23:59:60 +0000", "Thu, 29 Feb 2024 23:59:59 +0000"},
                    Case{"21 Nov 97 09:55:06 GMT", "Fri, 21 Nov 1997 09:55:06 +0000"},
                    Case{"1 Jan 49 00:00:00 UT", "Fri, 1 Jan 2049 00:00:00 +0000"},
                    Case{"1 Jan 50 00:00:00 Z", "Sun, 1 Jan 1950 00:00:00 +0000"},
                    Case{"1 Jan 100 00:00:00 A", "Sat, 1 Jan 2000 00:00:00 +0000"},
                    Case{"1 Jan 2000 00:00:00 EST", "Sat, 1 Jan 2000 00:00:00 -0500"},
                    Case{"1 Jan 2000 00:00:00 pdt", "Sat, 1 Jan 2000 00:00:00 -0700"},
                    Case{"Wed Jul 17 02:44:25 1996", "Wed, 17 Jul 1996 02:44:25 +0000"},
                    Case{"mar, 05 Nov 2019 10:00:00 +0100", "Tue, 5 Nov 2019 10:00:00 +0100"},
                    Case{"17-Jul-1996 02:44:25 -0700", "Wed, 17 Jul 1996 02:44:25 -0700"},
                    Case{"17-Jul-96 02:44:25", "Wed, 17 Jul 1996 02:44:25 +0000"},
                    Case{"17 July 1996", "Wed, 17 Jul 1996 00:00:00 +0000"},
                    Case{"1 Jan 2000 00:00:00 +2400", "Sat, 1 Jan 2000 00:00:00 +0000"},
                    Case{"1 Jan 2000 25:00:00 +0100", "Sat, 1 Jan 2000 00:00:00 +0000"}, Case{"", "none"},
                    Case{"now", "none"}, Case{"32 Jan 2000 00:00:00", "none"},
                    Case{"30 Feb 2000 00:00:00", "none"}, Case{"1 Foo 2000", "none"},
                    Case{"1 Jan 1899", "none"}, Case{"1 Jan 99999", "none"}, Case{"1-", "none"},
                    Case{"1-Jan", "none"}, Case{"::: --- +++", "none"}));

TEST(Dates, TheDayIsTheWritersOwn) {
  EXPECT_EQ(parse_date("1 Jan 2000 00:30:00 +0100")->day(),
            std::chrono::sys_days(std::chrono::January / 1 / 2000));
  EXPECT_EQ(parse_date("31 Dec 1999 23:30:00 -0800")->day(),
            std::chrono::sys_days(std::chrono::December / 31 / 1999));
}

}  // namespace
}  // namespace postern::mime
