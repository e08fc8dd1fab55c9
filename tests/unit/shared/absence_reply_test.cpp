// Which messages ask for an answer (RFC 3834 section 2), and the answer's header and body.
#include "protocols/shared/absence_reply.h"

#include <gtest/gtest.h>

#include "gateway/base/text.h"

namespace postern {
namespace {

const std::vector<std::string> kOwn = {"alice@example.test", "info@example.test"};
constexpr const char* kPlain =
    "From: Bob <bob@elsewhere.test>\r\nTo: Alice <ALICE@example.test>\r\nSubject: Lunch?\r\n";

bool asks(const std::string& more, const std::string& reverse_path = "bob@elsewhere.test") {
  return asks_for_answer(kPlain + more + "\r\nbody\r\n", reverse_path, kOwn);
}

TEST(AsksForAnswer, PeopleDo) {
  EXPECT_TRUE(asks(""));
  for (const char* field : {"Auto-Submitted: no\r\n", "Auto-Submitted: No; x=y\r\n",
                            "Precedence: first-class\r\n", "X-Auto-Response-Suppress: DR, RN\r\n",
                            "Content-Type: multipart/mixed; boundary=x\r\n", "Listen: to me\r\n"}) {
    EXPECT_TRUE(asks(field)) << field;
  }
  EXPECT_TRUE(asks("", "request@elsewhere.test"));
}

TEST(AsksForAnswer, RobotsListsAndBouncesDoNot) {
  for (const char* field :
       {"Auto-Submitted: auto-generated\r\n", "auto-submitted:\r\n auto-replied (vacation)\r\n",
        "Auto-Submitted:\r\n", "Precedence: Bulk\r\n", "Precedence: list\r\n", "Precedence: junk\r\n",
        "List-Id: <x.example.test>\r\n", "LIST-UNSUBSCRIBE: <mailto:x>\r\n", "Mailing-List: x\r\n",
        "X-Auto-Response-Suppress: OOF\r\n", "X-Auto-Response-Suppress: DR, all\r\n",
        "Content-Type: multipart/report; report-type=delivery-status\r\n",
        "X-Loop: bob@elsewhere.test\r\n"}) {
    EXPECT_FALSE(asks(field)) << field;
  }
  for (const char* path :
       {"", "MAILER-DAEMON@elsewhere.test", "MAILER-DAEMON", "owner-list@elsewhere.test",
        "list-request@elsewhere.test", "list-bounces@elsewhere.test", "bounce+17@elsewhere.test",
        "NoReply@elsewhere.test", "no-reply@elsewhere.test", "Alice@Example.test", "info@example.test"}) {
    EXPECT_FALSE(asks("", path)) << path;
  }
}

TEST(AsksForAnswer, OneselfMustBeNamed) {
  const auto to = [](const std::string& fields) {
    return asks_for_answer("From: bob@elsewhere.test\r\n" + fields + "\r\n", "bob@elsewhere.test", kOwn);
  };
  EXPECT_FALSE(to(""));
  EXPECT_FALSE(to("To: carol@example.test\r\n"));
  EXPECT_FALSE(to("To: undisclosed-recipients:;\r\n"));
  EXPECT_FALSE(to("Subject: alice@example.test\r\n"));
  EXPECT_FALSE(to("\r\nTo: alice@example.test\r\n")) << "that is the body";
  EXPECT_TRUE(to("To: carol@example.test,\r\n \"A\" <alice@example.test>\r\n"));
  EXPECT_TRUE(to("Cc: info@example.test\r\n"));
  EXPECT_TRUE(to("Resent-To: us: alice@example.test;\r\n"));
}

AbsenceAnswer answer() {
  AbsenceAnswer made;
  made.reply.text = "Back on Monday.\nGr\xC3\xBC\xC3\x9F\x65";
  made.from = "alice@example.test";
  made.display_name = "Alice A.";
  made.to = "bob@elsewhere.test";
  return made;
}

bool has(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(AbsenceMessage, IsAnAnswerThatAsksForNone) {
  const std::string asked =
      std::string(kPlain) + "Message-ID: <2@e>\r\nReferences: <0@e> <1@e>\r\n\r\nbody\r\n";
  const std::string message = compose(answer(), asked);
  for (const char* part : {"From: \"Alice A.\" <alice@example.test>\r\n", "To: bob@elsewhere.test\r\n",
                           "Subject: Auto: Lunch?\r\n", "In-Reply-To: <2@e>\r\n", "<0@e>", "<1@e>",
                           "Auto-Submitted: auto-replied\r\n", "Content-Type: text/plain; charset=utf-8\r\n",
                           "\r\n\r\nBack on Monday.\r\nGr=C3=BC=C3=9Fe"}) {
    EXPECT_TRUE(has(message, part)) << part << "\n" << message;
  }
  EXPECT_FALSE(asks_for_answer(message, "alice@example.test", {"bob@elsewhere.test"}));
  EXPECT_FALSE(has(message, "body"));
}

TEST(AbsenceMessage, NothingOfTheAskerBeginsAField) {
  const std::string asked = "Subject: =?utf-8?Q?x=0D=0ABcc:_evil@e?=\r\nMessage-ID: <a@b>\r\n evil\r\n\r\n";
  AbsenceAnswer html = answer();
  html.reply.html = true;
  html.to = "b\r\nBcc: c@d";
  const std::string message = compose(html, asked);
  EXPECT_FALSE(has(message, "\nBcc:")) << message;
  EXPECT_TRUE(has(message, "Content-Type: text/html"));
}

TEST(AbsenceMessage, WithoutAnythingToAnswerTo) {
  const std::string message = compose(answer(), "");
  EXPECT_TRUE(has(message, "Subject: Auto:"));
  EXPECT_FALSE(has(message, "In-Reply-To"));
  EXPECT_TRUE(text::is_ascii(message));
}

}  // namespace
}  // namespace postern
