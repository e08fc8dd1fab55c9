#include "protocols/imap/base_subject.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"

namespace postern::imap {
namespace {

struct Case {
  std::string_view raw;
  std::string_view base;
  bool is_reply;
};

class BaseSubjects : public testing::TestWithParam<Case> {};

TEST_P(BaseSubjects, OfRfc5256) {
  const BaseSubject base = base_subject(GetParam().raw);
  EXPECT_EQ(base.text, GetParam().base);
  EXPECT_EQ(base.is_reply, GetParam().is_reply);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BaseSubjects,
    testing::Values(Case{"", "", false}, Case{"Soup", "soup", false},
                    Case{"  Soup \t at  noon ", "soup at noon", false}, Case{"Re: Soup", "soup", true},
                    Case{"RE: re : Fwd:FW: Soup", "soup", true}, Case{"Re[2]: Soup", "soup", true},
                    Case{"[list] Re: [list] Soup", "soup", true}, Case{"[list] Soup", "soup", false},
                    Case{"[list]", "[list]", false}, Case{"[a][b]", "[b]", false},
                    Case{"Soup (fwd)", "soup", true}, Case{"Soup (fwd) (Fwd) ", "soup", true},
                    Case{"[Fwd: Soup]", "soup", true}, Case{"[fwd: [fwd: Re: Soup]]", "soup", true},
                    Case{"Re:", "", true}, Case{"Regarding: Soup", "regarding: soup", false},
                    Case{"Re [x] soup", "re [x] soup", false},
                    Case{"=?UTF-8?Q?Re:_Gr=C3=BC=C3=9Fe?=", "gru\xCC\x88sse", true},
                    Case{"[un closed", "[un closed", false}));

TEST(BaseSubject, ManyPrefixesCostWhatTheyAreLong) {
  std::string raw;
  for (int i = 0; i < 5'000; ++i) raw += "Re: [x] ";
  EXPECT_EQ(base_subject(raw + "end").text, "end");
}

}  // namespace
}  // namespace postern::imap
