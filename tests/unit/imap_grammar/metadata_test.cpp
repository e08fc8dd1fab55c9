// GETMETADATA, SETMETADATA, and METADATA of a LIST (RFC 5464 §5, RFC 9590).
#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

using Depth = AnnotationsWanted::Depth;
using Entries = std::vector<std::string>;

TEST(MetadataGrammar, Get) {
  const GetMetadata plain = good(parse_get_metadata, "\"INBOX\" /Shared/Comment");
  EXPECT_EQ(plain.mailbox->name.text(), "INBOX");
  EXPECT_EQ(plain.wanted.entries, Entries{"/shared/comment"});
  EXPECT_EQ(plain.wanted.depth, Depth::entry);
  EXPECT_EQ(plain.wanted.octets_max, UINT64_MAX);
  EXPECT_EQ(good(parse_get_metadata, "\"\" /shared/comment").mailbox, std::nullopt);
  EXPECT_EQ(good(parse_get_metadata, "{0}\r\n /shared/comment").mailbox, std::nullopt);
  EXPECT_EQ(good(parse_get_metadata, "a (/shared/comment /private/comment)").wanted.entries,
            (Entries{"/shared/comment", "/private/comment"}));
  EXPECT_EQ(good(parse_get_metadata, "a /private").wanted.entries, Entries{"/private"});
}

TEST(MetadataGrammar, OptionsStandInFrontOrBehind) {
  for (const std::string_view arguments :
       {"(MAXSIZE 1024 DEPTH 1) INBOX (/shared/a)", "INBOX (MAXSIZE 1024 DEPTH 1) (/shared/a)",
        "INBOX (depth 1 maxsize 1024) /shared/a"}) {
    const GetMetadata get = good(parse_get_metadata, arguments);
    EXPECT_EQ(get.wanted.octets_max, 1024u) << arguments;
    EXPECT_EQ(get.wanted.depth, Depth::children) << arguments;
    EXPECT_EQ(get.wanted.entries, Entries{"/shared/a"}) << arguments;
  }
  EXPECT_EQ(good(parse_get_metadata, "(DEPTH infinity) a /private").wanted.depth, Depth::everything_below);
  EXPECT_EQ(good(parse_get_metadata, "(DEPTH 0) a /private/b").wanted.depth, Depth::entry);
  EXPECT_EQ(refusal(parse_get_metadata, "(DEPTH 2) a /private/b"), "expected 0, 1 or infinity at octet 8");
  EXPECT_EQ(refusal(parse_get_metadata, "(SIZE 2) a /private/b"), "expected MAXSIZE or DEPTH at octet 2");
}

TEST(MetadataGrammar, EntriesAreChecked) {
  constexpr std::string_view kRefused = "expected an entry below /private or /shared at octet 3";
  for (const std::string_view entry :
       {"comment", "/comment", "/private/", "/private//a", "/private/a/", "/privately/a", "\"/private/a*\"",
        "\"/shared/a%\"", "\"/shared/a b\"", "\"/shared/\xC3\xBC\""}) {
    EXPECT_EQ(refusal(parse_get_metadata, "a " + std::string(entry)), kRefused) << entry;
  }
  EXPECT_EQ(refusal(parse_get_metadata, "a /private/" + repeat("x", 246)), "accepted");
  EXPECT_EQ(refusal(parse_get_metadata, "a /private/" + repeat("x", 247)), kRefused);
  EXPECT_EQ(refusal(parse_set_metadata, "a (/private \"x\")"),
            "expected an entry below /private or /shared at octet 4");
}

TEST(MetadataGrammar, Set) {
  const SetMetadata set = good(parse_set_metadata, "INBOX (/private/Comment \"x\" /shared/comment NIL)");
  EXPECT_EQ(set.mailbox->name.text(), "INBOX");
  EXPECT_EQ(set.values,
            (std::vector<Annotation>{{"/private/comment", "x"}, {"/shared/comment", std::nullopt}}));
  EXPECT_EQ(good(parse_set_metadata, "\"\" (/private/a {3}\r\nx\ny)").values.front().value, "x\ny");
  EXPECT_EQ(good(parse_set_metadata, "\"\" (/private/a ~{3}\r\nx\ny)").values.front().value, "x\ny");
  EXPECT_EQ(good(parse_set_metadata, "a (/private/a \"1\" /PRIVATE/A \"2\")").values,
            (std::vector<Annotation>{{"/private/a", "2"}}))
      << "the last one counts";
  EXPECT_EQ(refusal(parse_set_metadata, "a ()"), "expected an entry at octet 4");
  EXPECT_EQ(refusal(parse_set_metadata, "a /private/a \"x\""), "expected \"(\" at octet 3");
  EXPECT_EQ(refusal(parse_set_metadata, "a (/private/a x)"), "expected a value at octet 15");
  EXPECT_EQ(refusal(parse_set_metadata, "a (/private/a ~\"x\")"), "expected a literal at octet 16");
}

TEST(MetadataGrammar, InAList) {
  EXPECT_EQ(
      good(parse_list, "\"\" % RETURN (METADATA (/shared/a \"/private/B\") SUBSCRIBED)").returned.metadata,
      (Entries{"/shared/a", "/private/b"}));
  EXPECT_EQ(refusal(parse_list, "\"\" % RETURN (METADATA (/a))"),
            "expected an entry below /private or /shared at octet 24");
}

}  // namespace
}  // namespace postern::imap
