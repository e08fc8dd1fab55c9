// Address lists, from RFC 5322's examples to what no standard allows.
#include "storage/mime/address.h"

#include <gtest/gtest.h>

namespace postern::mime {
namespace {

// "name|route|mailbox|host" per address, '-' for an absent one.
std::string describe(const std::vector<EnvelopeAddress>& addresses) {
  std::string out;
  for (const EnvelopeAddress& address : addresses) {
    if (!out.empty()) out += "  ";
    out += address.name.value_or("-") + '|' + address.route.value_or("-") + '|' +
           address.mailbox.value_or("-") + '|' + address.host.value_or("-");
  }
  return out;
}

struct Case {
  std::string value;
  std::string addresses;
};

class Addresses : public testing::TestWithParam<Case> {};

TEST_P(Addresses, Parse) {
  EXPECT_EQ(describe(parse_addresses(GetParam().value, 100)), GetParam().addresses);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc5322, Addresses,
    testing::Values(
        Case{"john.doe@example.org", "-|-|john.doe|example.org"},
        Case{"John Doe <jdoe@machine.example>", "John Doe|-|jdoe|machine.example"},
        Case{"\"Joe Q. Public\" <john.q.public@example.com>, Who? <one@y.test>",
             "Joe Q. Public|-|john.q.public|example.com  Who?|-|one|y.test"},
        Case{"<boss@nil.test>", "-|-|boss|nil.test"},
        Case{"\"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
             "Giant; \"Big\" Box|-|sysservices|example.net"},
        Case{"A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
             "-|-|A Group|-  Ed Jones|-|c|a.test  -|-|joe|where.test  John|-|jdoe|one.test  -|-|-|-"},
        Case{"Undisclosed recipients:;", "-|-|Undisclosed recipients|-  -|-|-|-"},
        Case{"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", "Pete|-|pete|silly.test"},
        Case{"Joe Q. Public <john.q.public@example.com>", "Joe Q. Public|-|john.q.public|example.com"},
        Case{"Mary Smith <@node.test,@b.test:mary@example.net>, , jdoe@test  . example",
             "Mary Smith|@node.test,@b.test|mary|example.net  -|-|jdoe|test.example"},
        Case{"jdoe@machine.example (John (Johnny) Doe)", "John (Johnny) Doe|-|jdoe|machine.example"},
        Case{"\"quoted local\"@example.org", "-|-|quoted local|example.org"},
        Case{"joe . doe @ example . org", "-|-|joe.doe|example.org"},
        Case{"joe@[192.0.2.1], Jim <jim@[IPv6:2001:db8::1]>",
             "-|-|joe|[192.0.2.1]  Jim|-|jim|[IPv6:2001:db8::1]"},
        Case{"=?utf-8?q?J=C3=B6rg?= <j@x>", "=?utf-8?q?J=C3=B6rg?=|-|j|x"}));

INSTANTIATE_TEST_SUITE_P(
    Malformed, Addresses,
    testing::Values(
        Case{"", ""}, Case{"  ", ""}, Case{",,;", ""}, Case{"<>", "-|-||"}, Case{"(only a comment)", ""},
        Case{"joe", "-|-|joe|"}, Case{"Joe Doe", "-|-|Joe Doe|"}, Case{"@example.org", "-|-||example.org"},
        Case{"joe@", "-|-|joe|"}, Case{"<joe>", "-|-|joe|"}, Case{"<joe@example.org", "-|-|joe|example.org"},
        Case{"<joe@example.org, b@c", "-|-|joe|example.org  -|-|b|c"},
        Case{"joe@example.org <joe@example.org>", "joe@example.org|-|joe|example.org"},
        Case{"Joe Doe joe@example.org", "Joe Doe|-|joe|example.org"},
        Case{"joe@example.org Joe Doe", "-|-|joe|example.org"}, Case{"a@b c@d", "-|-|a|b"},
        Case{"<a@b> <c@d>", "-|-|a|b  -|-|c|d"}, Case{"\"Joe <joe@example.org>", "Joe|-|joe|example.org"},
        Case{"Joe \\ <a@b>", "Joe \\|-|a|b"}, Case{"a@b (open", "open|-|a|b"},
        Case{"a@b (escape\\", "escape\\|-|a|b"}, Case{"g: a@b, c@d", "-|-|g|-  -|-|a|b  -|-|c|d  -|-|-|-"},
        Case{"g: h: a@b;", "-|-|g|-  -|-|-|-  -|-|h|-  -|-|a|b  -|-|-|-"}, Case{":", "-|-||-  -|-|-|-"},
        Case{"[List] Name <a@b>", "[List] Name|-|a|b"}, Case{"a@b@c", "-|-|a|b"}, Case{"<a@b@c>", "-|-|a|b"},
        Case{"<mailto:joe@x>", "-|-|mailto:joe|x"}, Case{"<@a:>", "-|@a||"}, Case{"<@a>", "-|-||a"},
        Case{"\"\" <a@b>", "-|-|a|b"}, Case{"J\xf6rg <a@b>", "J\xf6rg|-|a|b"}, Case{"a@[", "-|-|a|["},
        Case{">)(", ""}, Case{"a@b> , c@d", "-|-|a|b  -|-|c|d"}));

TEST(Addresses, StopAtTheirBoundAndCloseTheGroup) {
  const std::vector<EnvelopeAddress> addresses = parse_addresses("g: a@b, c@d, e@f;", 2);
  EXPECT_EQ(describe(addresses), "-|-|g|-  -|-|a|b  -|-|-|-");
}

TEST(Addresses, HostileListsTakeLinearTime) {
  const std::size_t size = 1024 * 1024;
  EXPECT_EQ(parse_addresses(std::string(size, '('), 100).size(), 0U);
  EXPECT_EQ(parse_addresses("a@b (" + std::string(size, '(') + std::string(size, ')') + ")", 100).size(), 1U);
  for (const std::string piece :
       {"\\\"", "\"\\\"", "<@", "<@\"", "@[", "@[<", "((", "<", "@", "a:", "\\", "a ", ". "}) {
    std::string value;
    while (value.size() < size) value += piece;
    EXPECT_LE(parse_addresses(value, 1000).size(), 1001U) << piece;
  }
}

TEST(Addresses, Display) {
  EXPECT_EQ(display(parse_addresses("=?utf-8?q?J=C3=B6rg?= <j@x>, team: a@b, Joe <c@d>;, e@f", 100)),
            "J\xc3\xb6rg <j@x>, team: a@b, Joe <c@d>;, e@f");
  EXPECT_EQ(display(parse_addresses("a@b, c@d", 100), 7), "a@b");
  EXPECT_EQ(display({}), "");
}

}  // namespace
}  // namespace postern::mime
