// LMTP commands and paths: lines to values, good, bad and at the bounds.
#include "protocols/lmtp/command.h"

#include <gtest/gtest.h>

#include "protocols/shared/smtp_path.h"

namespace postern::lmtp {
namespace {

using namespace smtp;  // NOLINT: the shared commands by their names

template <class C>
C parsed(std::string_view line) {
  auto command = parse_command(line);
  if (const auto* bad = std::get_if<BadCommand>(&command)) {
    ADD_FAILURE() << line << ": " << bad->reply;
    return C();
  }
  if (!std::holds_alternative<C>(std::get<Command>(command))) {
    ADD_FAILURE() << line << ": another command";
    return C();
  }
  return std::get<C>(std::get<Command>(command));
}

std::string refused(std::string_view line) {
  auto command = parse_command(line);
  if (const auto* bad = std::get_if<BadCommand>(&command)) return bad->reply.substr(0, 9);
  return "accepted";
}

TEST(LmtpCommand, Plain) {
  EXPECT_EQ(parsed<Lhlo>("LHLO mx.example.test").client, "mx.example.test");
  parsed<Data>("DATA");
  parsed<Data>("data ");
  parsed<Noop>("NOOP anything at all");
  parsed<Vrfy>("VRFY joe");
  parsed<Quit>("QUIT");
  parsed<StartTls>("STARTTLS");
  EXPECT_EQ(refused("DATA now"), "501 5.5.4");
  EXPECT_EQ(refused("LHLO"), "501 5.5.4");
  EXPECT_EQ(refused("LHLO a b"), "501 5.5.4");
  EXPECT_EQ(refused("EHLO mx"), "500 5.5.1");
  EXPECT_EQ(refused("XCLIENT ADDR=192.0.2.1"), "500 5.5.2");
  EXPECT_EQ(refused(""), "500 5.5.2");
}

TEST(LmtpCommand, Bdat) {
  EXPECT_EQ(parsed<Bdat>("BDAT 0").octets, 0U);
  EXPECT_FALSE(parsed<Bdat>("BDAT 86000").last);
  EXPECT_TRUE(parsed<Bdat>("bdat 1 last").last);
  EXPECT_EQ(parsed<Bdat>("BDAT 9223372036854775807 LAST").octets, 9223372036854775807U);
  for (const char* wrong : {"BDAT", "BDAT x", "BDAT -1", "BDAT 9223372036854775808", "BDAT 1 FIRST",
                            "BDAT 1 LAST x", "BDAT LAST"}) {
    EXPECT_FALSE(parsed<Bdat>(wrong).octets) << wrong;
  }
}

TEST(LmtpCommand, Mail) {
  EXPECT_EQ(parsed<Mail>("MAIL FROM:<joe@example.test>").from.address, "joe@example.test");
  EXPECT_EQ(parsed<Mail>("mail from: <joe@example.test>").from.address, "joe@example.test");
  EXPECT_EQ(parsed<Mail>("MAIL FROM:<>").from.address, "");
  EXPECT_EQ(parsed<Mail>("MAIL FROM:<> SIZE=1000 BODY=8BITMIME").size, 1000U);
  EXPECT_TRUE(parsed<Mail>("MAIL FROM:<j\xC3\xB6@example.test> SMTPUTF8").smtputf8);
  EXPECT_EQ(refused("MAIL FROM:<j\xC3\xB6@example.test>"), "553 5.6.7");
  EXPECT_EQ(refused("MAIL FROM:<> SIZE=x"), "501 5.5.4");
  EXPECT_EQ(refused("MAIL FROM:<> SIZE=99999999999999999999"), "501 5.5.4");
  EXPECT_EQ(refused("MAIL FROM:<> BODY=BINARYMIME"), "555 5.5.4");
  EXPECT_EQ(refused("MAIL FROM:<> RET=FULL"), "555 5.5.4");
  EXPECT_EQ(refused("MAIL FROM:<joe"), "501 5.1.7");
  EXPECT_EQ(refused("MAIL FROM joe"), "501 5.1.7");
  EXPECT_EQ(refused("MAIL"), "501 5.1.7");
}

TEST(LmtpCommand, Rcpt) {
  EXPECT_EQ(parsed<Rcpt>("RCPT TO:<joe+news@example.test>").to.local, "joe+news");
  EXPECT_EQ(parsed<Rcpt>("RCPT TO:<Postmaster>").to.address(), "Postmaster");
  EXPECT_EQ(refused("RCPT TO:<>"), "501 5.1.3");
  EXPECT_EQ(refused("RCPT TO:<joe>"), "501 5.1.3");
  EXPECT_EQ(refused("RCPT TO:<joe@example.test> NOTIFY=NEVER"), "555 5.5.4");
}

TEST(LmtpPath, Forms) {
  EXPECT_EQ(parse_path("<\"a b\\\"c\"@example.test> x")->path.local, "a b\"c");
  EXPECT_EQ(parse_path("<@one.test,@two.test:joe@example.test>")->path.address(), "joe@example.test");
  EXPECT_EQ(parse_path("<joe@[192.0.2.1]>")->path.domain, "[192.0.2.1]");
  EXPECT_EQ(parse_path("<joe@example.test> SIZE=1")->octets, 18U);
  const std::string longest = "<" + std::string(kLocalPartOctetsMax, 'a') + "@example.test>";
  EXPECT_TRUE(parse_path(longest));
  EXPECT_FALSE(parse_path("<a" + longest.substr(1)));
  EXPECT_FALSE(parse_path("<joe@" + std::string(kDomainOctetsMax + 1, 'd') + ">"));
  for (auto bad : {"", "joe@example.test", "<joe@>", "<@>", "<@example.test>", "<joe@@example.test>",
                   "<j oe@example.test>", "<\"joe@example.test>", "<\"a\nb\"@example.test>",
                   "<joe@exa mple.test>", "<joe@[x>", "<joe@example.test"}) {
    EXPECT_FALSE(parse_path(bad)) << bad;
  }
}

}  // namespace
}  // namespace postern::lmtp
