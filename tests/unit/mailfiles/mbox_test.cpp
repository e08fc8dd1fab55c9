// mbox files in four dialects: what is read, what is written, and what goes both ways.
#include "storage/mailfiles/mbox.h"

#include <gtest/gtest.h>

#include <vector>

namespace postern::mailfiles {
namespace {

constexpr MboxDialect kDialects[] = {MboxDialect::mboxo, MboxDialect::mboxrd, MboxDialect::mboxcl,
                                     MboxDialect::mboxcl2};

struct Message {
  std::string octets;
  Flags flags;
  std::string sender;
};

Result<std::vector<Message>> read_all(std::string_view file, MboxDialect dialect) {
  TextOctets octets(file);
  MboxReader reader(octets, dialect);
  std::vector<Message> messages;
  for (;;) {
    TRY(const bool more, reader.next());
    if (!more) return messages;
    Message& message = messages.emplace_back();
    message.sender = reader.separator().sender;
    for (;;) {
      TRY(const std::string piece, reader.read());
      if (piece.empty()) break;
      message.octets += piece;
    }
    message.flags = reader.flags();
  }
}

std::vector<std::string> octets_of(std::string_view file, MboxDialect dialect) {
  std::vector<std::string> all;
  auto messages = read_all(file, dialect);
  if (!messages) return {"not read: " + messages.error().detail};
  for (const Message& message : *messages) all.push_back(message.octets);
  return all;
}

Flags flags_with(std::initializer_list<SystemFlag> system, std::initializer_list<const char*> keywords = {}) {
  Flags flags;
  for (const SystemFlag flag : system) flags.set(flag);
  for (const char* keyword : keywords) flags.add_keyword(keyword);
  return flags;
}

std::string written(MboxDialect dialect, std::string_view octets, const Flags& flags, std::size_t piece = 7) {
  Separator separator;
  separator.sender = "a@b.test";
  separator.date = WallTime(std::chrono::seconds(1'736'157'600));
  std::string out;
  MboxWriter writer(dialect, separator, flags, out);
  for (std::size_t at = 0; at < octets.size(); at += piece) writer.feed(octets.substr(at, piece), out);
  writer.finish(out);
  return out;
}

using Texts = std::vector<std::string>;
constexpr std::string_view kSeparator = "From a@b.test Mon Jan  6 10:00:00 2025\n";

TEST(MboxSeparator, IsReadAsProgramsWriteIt) {
  const struct {
    const char* line;
    const char* sender;
  } kLines[] = {
      {"From a@b.test Mon Jan  6 10:00:00 2025", "a@b.test"},
      {"From - Mon Jan 06 10:00:00 2025", "-"},
      {"From  a@b.test  Mon Jan  6 10:00:00 2025", "a@b.test"},
      {"From \"a b\"@c.test Mon Jan  6 10:00:00 2025", "\"a b\"@c.test"},
      {"From a@b.test Mon Jan  6 10:00:00 2025 +0100", "a@b.test"},
      {"From Mon Jan x@y Mon Jan  6 10:00:00 2025", "Mon Jan x@y"},
  };
  for (const auto& [line, sender] : kLines) {
    const auto separator = parse_separator(line);
    ASSERT_TRUE(separator) << line;
    EXPECT_EQ(separator->sender, sender) << line;
  }
  EXPECT_EQ(parse_separator("From a@b.test Mon Jan  6 10:00:00 2025")->date,
            WallTime(std::chrono::seconds(1'736'157'600)));
  for (const char* line :
       {"", "From", "From ", "From me to you", "From a@b.test Mon Jan", "from a@b Mon Jan  6 10:00:00 2025",
        ">From a@b.test Mon Jan  6 10:00:00 2025", "From a@b.test Mon Jan  nothing at all"}) {
    EXPECT_FALSE(parse_separator(line)) << line;
  }
  EXPECT_FALSE(parse_separator("From " + std::string(1000, 'x') + " Mon Jan  6 10:00:00 2025"));
}

TEST(MboxSeparator, IsWrittenSoThatItIsReadAgain) {
  Separator separator;
  separator.sender = "a@b.test";
  separator.date = WallTime(std::chrono::seconds(1'736'157'600));
  EXPECT_EQ(separator_line(separator), kSeparator);
  separator.sender = "two\nlines";
  EXPECT_EQ(separator_line(separator), "From MAILER-DAEMON Mon Jan  6 10:00:00 2025\n");
}

TEST(MboxReader, GivesCrlfAndLeavesOutTheLastEmptyLine) {
  const std::string file =
      std::string(kSeparator) + "Subject: a\n\none\n\n" + std::string(kSeparator) + "Subject: b\n\ntwo\n\n\n";
  EXPECT_EQ(octets_of(file, MboxDialect::mboxrd),
            (Texts{"Subject: a\r\n\r\none\r\n", "Subject: b\r\n\r\ntwo\r\n\r\n"}));
  std::string crlf;
  CrlfWriter().feed(file, crlf);
  EXPECT_EQ(octets_of(crlf, MboxDialect::mboxrd), octets_of(file, MboxDialect::mboxrd));
}

TEST(MboxReader, ReadsWhatEndsAnywhere) {
  EXPECT_EQ(octets_of("", MboxDialect::mboxo), Texts());
  EXPECT_EQ(octets_of("\n\n", MboxDialect::mboxo), Texts());
  EXPECT_EQ(octets_of(kSeparator, MboxDialect::mboxo), Texts{""});
  EXPECT_EQ(octets_of(std::string(kSeparator) + "Subject: a", MboxDialect::mboxo), Texts{"Subject: a"});
  EXPECT_EQ(octets_of(std::string(kSeparator) + "Subject: a\n\nx", MboxDialect::mboxo),
            Texts{"Subject: a\r\n\r\nx"});
  EXPECT_EQ(octets_of(std::string(kSeparator) + std::string(kSeparator), MboxDialect::mboxo),
            (Texts{"", ""}));
  EXPECT_EQ(octets_of("Subject: a\n", MboxDialect::mboxo),
            Texts{"not read: no mbox: it does not begin with a separator"});
}

TEST(MboxReader, UnquotesAsTheDialectQuotes) {
  const std::string file = std::string(kSeparator) + "\n>From a\n>>From b\n> From c\n>Frog\n";
  EXPECT_EQ(octets_of(file, MboxDialect::mboxo), Texts{"\r\nFrom a\r\n>>From b\r\n> From c\r\n>Frog\r\n"});
  EXPECT_EQ(octets_of(file, MboxDialect::mboxrd), Texts{"\r\nFrom a\r\n>From b\r\n> From c\r\n>Frog\r\n"});
  EXPECT_EQ(octets_of(file, MboxDialect::mboxcl2), Texts{"\r\n>From a\r\n>>From b\r\n> From c\r\n>Frog\r\n"});
}

TEST(MboxReader, BelievesAContentLengthOnlyIfASeparatorFollows) {
  const std::string body = "one\n" + std::string(kSeparator) + "two\n";
  const auto file = [&](const std::string& length) {
    return std::string(kSeparator) + "Content-Length: " + length + "\n\n" + body + "\n" +
           std::string(kSeparator) + "\nlast\n";
  };
  const std::string right = std::to_string(body.size());
  std::string crlf;
  CrlfWriter().feed("\n" + body, crlf);
  EXPECT_EQ(octets_of(file(right), MboxDialect::mboxcl2), (Texts{crlf, "\r\nlast\r\n"}));
  const Texts cut{"\r\none\r\n", "two\r\n\r\n", "\r\nlast\r\n"};
  for (const char* wrong : {"2", "5", "99999", "99999999999999999999999", "-1", "x", ""}) {
    EXPECT_EQ(octets_of(file(wrong), MboxDialect::mboxcl2), cut) << wrong;
  }
  // Other dialects do not look at it, and keep the field.
  EXPECT_EQ(octets_of(file(right), MboxDialect::mboxrd).size(), 3u);
}

TEST(MboxReader, TakesStatusFieldsForFlags) {
  const std::string file = std::string(kSeparator) +
                           "Subject: a\nStatus: RO\nX-Status: AF\nX-Keywords: $Work later no(good\n"
                           "X-UID: 17\nX-IMAPbase: 1 2\n  3\nTo: b\n\nx\n";
  const auto messages = read_all(file, MboxDialect::mboxrd);
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 1u);
  EXPECT_EQ(messages->at(0).octets, "Subject: a\r\nTo: b\r\n\r\nx\r\n");
  EXPECT_EQ(messages->at(0).flags,
            flags_with({SystemFlag::seen, SystemFlag::answered, SystemFlag::flagged}, {"$Work", "later"}));
}

TEST(MboxReader, LinesLongerThanItsWindowPass) {
  const std::string longest(200'000, '>');
  const std::string file =
      std::string(kSeparator) + "X: " + longest + "\n\n" + longest + "\n" + longest + "From a";
  EXPECT_EQ(octets_of(file, MboxDialect::mboxrd),
            Texts{"X: " + longest + "\r\n\r\n" + longest + "\r\n" + longest + "From a"});
}

TEST(Mbox, GoesBothWaysInEveryDialectThatCan) {
  const std::string kMessages[] = {
      "Subject: a\r\n\r\nbody\r\n",
      "Subject: a\r\n\r\n",
      "Subject: a\r\n\r\n\r\n\r\nempty lines\r\n\r\n\r\n",
      "Subject: a\r\n\r\nFrom a@b.test Mon Jan  6 10:00:00 2025\r\nFrom here\r\n",
      "Subject: a\r\n\r\nbare \r in a line\r\n",
      "From a@b.test Mon Jan  6 10:00:00 2025\r\n\r\nhostile header\r\n",
  };
  const Flags flags = flags_with({SystemFlag::seen, SystemFlag::deleted, SystemFlag::draft}, {"$Forwarded"});
  for (const MboxDialect dialect : kDialects) {
    for (const std::string& octets : kMessages) {
      const std::string file = written(dialect, octets, flags) + written(dialect, octets, Flags(), 1000);
      const auto messages = read_all(file, dialect);
      ASSERT_TRUE(messages) << name_of(dialect);
      ASSERT_EQ(messages->size(), 2u) << name_of(dialect) << "\n" << file;
      EXPECT_EQ(messages->at(0).octets, octets) << name_of(dialect);
      EXPECT_EQ(messages->at(0).flags, flags);
      EXPECT_EQ(messages->at(1).octets, octets) << name_of(dialect);
      EXPECT_EQ(messages->at(1).flags, Flags());
    }
  }
  // What was quoted before only mboxrd and mboxcl2 can tell.
  const std::string quoted = "Subject: a\r\n\r\n>From a\r\n>>From b\r\n";
  EXPECT_EQ(octets_of(written(MboxDialect::mboxrd, quoted, flags), MboxDialect::mboxrd), Texts{quoted});
  EXPECT_EQ(octets_of(written(MboxDialect::mboxcl2, quoted, flags), MboxDialect::mboxcl2), Texts{quoted});
}

TEST(MboxWriter, EndsWhatHasNoEnd) {
  EXPECT_EQ(written(MboxDialect::mboxrd, "Subject: a\r\n\r\nno end", Flags()),
            std::string(kSeparator) + "Subject: a\nStatus: O\n\nno end\n\n");
  EXPECT_EQ(written(MboxDialect::mboxrd, "no body", Flags()),
            std::string(kSeparator) + "no body\nStatus: O\n\n\n");
}

TEST(MboxDialects, HaveNames) {
  for (const MboxDialect dialect : kDialects) EXPECT_EQ(mbox_dialect_from(name_of(dialect)), dialect);
  EXPECT_FALSE(mbox_dialect_from("mbox"));
}

}  // namespace
}  // namespace postern::mailfiles
