// Status responses and their codes; what a client reads of each ErrorKind.
#include "protocols/imap/response/status.h"

#include <gtest/gtest.h>

namespace postern::imap {
namespace {

std::string printed(std::string_view tag, const StatusResponse& response) {
  std::string out;
  print(out, tag, response);
  return out;
}

TEST(Status, Printing) {
  EXPECT_EQ(printed("a1", ok("Done")), "a1 OK Done\r\n");
  EXPECT_EQ(printed("", ok(ResponseCode::unseen(12), "First unseen")), "* OK [UNSEEN 12] First unseen\r\n");
  EXPECT_EQ(printed("a", no("TRYCREATE", "No such mailbox")), "a NO [TRYCREATE] No such mailbox\r\n");
  EXPECT_EQ(printed("a", bad("Expected")), "a BAD Expected\r\n");
  EXPECT_EQ(printed("", bye("", "Closing")), "* BYE Closing\r\n");
  EXPECT_EQ(printed("", {Condition::preauth, {}, ""}), "* PREAUTH Done\r\n");
}

TEST(Status, TextIsOneLine) {
  EXPECT_EQ(printed("a", bad("one\r\na OK two\x01")), "a BAD one  a OK two \r\n");
}

TEST(Status, Codes) {
  EXPECT_EQ(ResponseCode::capability("IMAP4rev1 IDLE").text, "CAPABILITY IMAP4rev1 IDLE");
  EXPECT_EQ(ResponseCode::uid_validity(UidValidity{7}).text, "UIDVALIDITY 7");
  EXPECT_EQ(ResponseCode::uid_next(Uid{4392}).text, "UIDNEXT 4392");
  EXPECT_EQ(ResponseCode::highest_modseq(ModSeq{715194045007}).text, "HIGHESTMODSEQ 715194045007");
  UidSet uids;
  uids.add(Uid{3}, Uid{5});
  EXPECT_EQ(ResponseCode::append_uid(UidValidity{38505}, uids).text, "APPENDUID 38505 3:5");
  EXPECT_EQ(ResponseCode::modified("7,9").text, "MODIFIED 7,9");
  EXPECT_EQ(ResponseCode::bad_charset("UTF-8 US-ASCII").text, "BADCHARSET (UTF-8 US-ASCII)");
}

TEST(Status, PermanentFlags) {
  EXPECT_EQ(ResponseCode::permanent_flags({.keywords = {"$Junk"}, .can_create = true}).text,
            "PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk \\*)");
  EXPECT_EQ(ResponseCode::permanent_flags({.keywords = {"$Junk"}, .read_only = true}).text,
            "PERMANENTFLAGS ()");
}

TEST(Status, CopyUid) {
  Copied copied;
  EXPECT_EQ(ResponseCode::copy_uid(copied).text, "");
  copied.uid_validity = UidValidity{38505};
  copied.from = {Uid{304}, Uid{319}, Uid{320}};
  copied.to = {Uid{3956}, Uid{3957}, Uid{3958}};
  EXPECT_EQ(ResponseCode::copy_uid(copied).text, "COPYUID 38505 304,319:320 3956:3958");
}

TEST(Status, EveryKindOfError) {
  const auto answer = [](ErrorKind kind) { return printed("a", to_status(Error(kind, "detail"))); };
  EXPECT_EQ(answer(ErrorKind::invalid), "a BAD detail\r\n");
  EXPECT_EQ(answer(ErrorKind::not_found), "a NO [NONEXISTENT] No such mailbox\r\n");
  EXPECT_EQ(answer(ErrorKind::already_exists), "a NO [ALREADYEXISTS] Mailbox already exists\r\n");
  EXPECT_EQ(answer(ErrorKind::denied), "a NO [NOPERM] Not permitted\r\n");
  EXPECT_EQ(answer(ErrorKind::over_quota), "a NO [OVERQUOTA] Quota exceeded\r\n");
  EXPECT_EQ(answer(ErrorKind::too_large), "a NO [LIMIT] Beyond a limit of this server\r\n");
  EXPECT_EQ(answer(ErrorKind::stale), "a NO Changed meanwhile\r\n");
  EXPECT_EQ(answer(ErrorKind::timed_out), "a NO [UNAVAILABLE] Took too long, try again later\r\n");
  EXPECT_EQ(answer(ErrorKind::closed), "a BYE [UNAVAILABLE] Closing\r\n");
  EXPECT_EQ(answer(ErrorKind::unavailable), "a NO [UNAVAILABLE] Try again later\r\n");
  EXPECT_EQ(answer(ErrorKind::internal), "a NO [SERVERBUG] Internal error\r\n");
  EXPECT_EQ(printed("a", cannot(Error(ErrorKind::invalid, "empty level"))), "a NO [CANNOT] empty level\r\n");
}

}  // namespace
}  // namespace postern::imap
