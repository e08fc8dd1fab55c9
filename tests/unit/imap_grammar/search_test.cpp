// SEARCH: every key of RFC 3501 §6.4.4, ESEARCH, MODSEQ, charsets, hostile nesting, resolution.
#include "protocols/imap/grammar/search.h"

#include "tests/unit/imap_grammar/parsing.h"

namespace postern::imap {
namespace {

std::string joined(const SearchKey& key);

// A query in one line, so that a table can show what it becomes.
std::string text_of(const SearchKey& key) {
  switch (key.kind) {
    case SearchKind::all: return "all";
    case SearchKind::conjunction: return "and(" + joined(key) + ")";
    case SearchKind::disjunction: return "or(" + joined(key) + ")";
    case SearchKind::negation: return "not(" + joined(key) + ")";
    case SearchKind::uids: return "set" + std::to_string(key.number) + key.uids.to_text();
    case SearchKind::flag: return std::string(system_flag_names(key.flag_bits).at(0));
    case SearchKind::keyword: return "keyword " + key.text;
    case SearchKind::internal_before: return "before " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::internal_on: return "on " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::internal_since: return "since " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::sent_before: return "sent before " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::sent_on: return "sent on " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::sent_since: return "sent since " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::saved_before:
      return "saved before " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::saved_on: return "saved on " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::saved_since: return "saved since " + std::to_string(key.day.time_since_epoch().count());
    case SearchKind::internal_older: return "older " + std::to_string(key.number);
    case SearchKind::internal_younger: return "younger " + std::to_string(key.number);
    case SearchKind::larger: return "larger " + std::to_string(key.number);
    case SearchKind::smaller: return "smaller " + std::to_string(key.number);
    case SearchKind::header: return "header " + key.field + "=" + key.text;
    case SearchKind::address: return "address " + key.field + "=" + key.text;
    case SearchKind::subject: return "subject " + key.text;
    case SearchKind::body: return "body " + key.text;
    case SearchKind::text: return "text " + key.text;
    case SearchKind::modseq: return "modseq " + std::to_string(key.number);
  }
  return "?";
}

std::string joined(const SearchKey& key) {
  std::string out;
  for (const SearchKey& child : key.children) out += (out.empty() ? "" : ", ") + text_of(child);
  return out;
}

std::string query(std::string_view octets) {
  return text_of(good(parse_search, octets).program.root);
}

TEST(SearchGrammar, Keys) {
  EXPECT_EQ(query("ALL"), "all");
  EXPECT_EQ(query("answered"), "\\Answered");
  EXPECT_EQ(query("DELETED DRAFT FLAGGED SEEN"), "and(\\Deleted, \\Draft, \\Flagged, \\Seen)");
  EXPECT_EQ(query("UNANSWERED"), "not(\\Answered)");
  EXPECT_EQ(query("UNDELETED UNDRAFT"), "and(not(\\Deleted), not(\\Draft))");
  EXPECT_EQ(query("UNFLAGGED UNSEEN"), "and(not(\\Flagged), not(\\Seen))");
  EXPECT_EQ(query("KEYWORD $Junk"), "keyword $Junk");
  EXPECT_EQ(query("UNKEYWORD x"), "not(keyword x)");
  EXPECT_EQ(query("BEFORE 2-Jan-1970"), "before 1");
  EXPECT_EQ(query("ON \"02-Jan-1970\""), "on 1");
  EXPECT_EQ(query("SINCE 1-feb-1970"), "since 31");
  EXPECT_EQ(query("SENTBEFORE 31-Dec-1969"), "sent before -1");
  EXPECT_EQ(query("SENTON 1-Jan-1970"), "sent on 0");
  EXPECT_EQ(query("SENTSINCE 1-Jan-1970"), "sent since 0");
  EXPECT_EQ(query("LARGER 1024"), "larger 1024");
  EXPECT_EQ(query("SMALLER 0"), "smaller 0");
  EXPECT_EQ(query("HEADER X-Foo {2}\r\nhi"), "header X-Foo=hi");
  EXPECT_EQ(query("HEADER X-Foo \"\""), "header X-Foo=");
  EXPECT_EQ(query("FROM joe TO ann CC bob BCC eve"),
            "and(address From=joe, address To=ann, address Cc=bob, address Bcc=eve)");
  EXPECT_EQ(query("SUBJECT \"a b\""), "subject a b");
  EXPECT_EQ(query("BODY x"), "body x");
  EXPECT_EQ(query("TEXT x"), "text x");
  EXPECT_EQ(query("MODSEQ 7"), "modseq 7");
  EXPECT_EQ(query("MODSEQ \"/flags/\\\\draft\" all 620162338"), "modseq 620162338");
}

TEST(SearchGrammar, Sets) {
  const SearchProgram program = good(parse_search, "2:4 UID 7,* RECENT OLD NEW").program;
  EXPECT_EQ(text_of(program.root), "and(set0, set1, set2, not(set3), and(set4, not(\\Seen)))");
  ASSERT_EQ(program.sets.size(), 5u);
  EXPECT_EQ(program.sets[0], (SearchSet{SearchSet::Kind::numbers, set_of({{2, 4}})}));
  EXPECT_EQ(program.sets[1], (SearchSet{SearchSet::Kind::uids, set_of({{7, 7}, {0, 0}})}));
  EXPECT_EQ(program.sets[2].kind, SearchSet::Kind::recent);
}

TEST(SearchGrammar, Structure) {
  EXPECT_EQ(query("NOT SEEN"), "not(\\Seen)");
  EXPECT_EQ(query("NOT UNSEEN"), "\\Seen");
  EXPECT_EQ(query("OR SEEN DELETED"), "or(\\Seen, \\Deleted)");
  EXPECT_EQ(query("OR OR 1 2 OR 3 4"), "or(set0, set1, set2, set3)");
  EXPECT_EQ(query("OR (SEEN DRAFT) NOT DELETED ALL"), "and(or(and(\\Seen, \\Draft), not(\\Deleted)), all)");
  EXPECT_EQ(query("((SEEN))"), "\\Seen");
  EXPECT_EQ(query("(SEEN DRAFT) ALL"), "and(and(\\Seen, \\Draft), all)");
  EXPECT_EQ(query("NOT (OR SEEN (DRAFT ALL))"), "not(or(\\Seen, and(\\Draft, all)))");
}

TEST(SearchGrammar, Refused) {
  EXPECT_EQ(refusal(parse_search, ""), "expected a search key at octet 1");
  EXPECT_EQ(refusal(parse_search, "FOO"), "expected a search key at octet 1");
  EXPECT_EQ(refusal(parse_search, "SEEN "), "expected a search key at octet 6");
  EXPECT_EQ(refusal(parse_search, "()"), "expected a search key at octet 2");
  EXPECT_EQ(refusal(parse_search, "(SEEN"), "expected a space at octet 6");
  EXPECT_EQ(refusal(parse_search, "SEEN)"), "expected a space at octet 5");
  EXPECT_EQ(refusal(parse_search, "NOT"), "expected a space at octet 4");
  EXPECT_EQ(refusal(parse_search, "OR SEEN"), "expected a space at octet 8");
  EXPECT_EQ(refusal(parse_search, "(OR SEEN)"), "expected a space at octet 9");
  EXPECT_EQ(refusal(parse_search, "(NOT )"), "expected a search key at octet 6");
  EXPECT_EQ(refusal(parse_search, "UID 0"), "expected a number above zero at octet 5");
  EXPECT_EQ(refusal(parse_search, "LARGER -1"), "expected a number at octet 8");
  EXPECT_EQ(refusal(parse_search, "BEFORE yesterday"), "expected a number at octet 8");
  EXPECT_EQ(refusal(parse_search, "KEYWORD \"a\""), "expected a keyword at octet 9");
  EXPECT_EQ(refusal(parse_search, "MODSEQ \"x\" none 1"), "expected all, priv or shared at octet 12");
  EXPECT_EQ(refusal(parse_search, "MODSEQ 9223372036854775808"),
            "expected a number up to 9223372036854775807 at octet 8");
}

TEST(SearchGrammar, ReturnOptions) {
  EXPECT_EQ(good(parse_search, "ALL").returned, std::nullopt);
  EXPECT_EQ(good(parse_search, "RETURN () ALL").returned, (Search::Return{.all = true}));
  EXPECT_EQ(good(parse_uid_search, "RETURN (MIN count) ALL").returned,
            (Search::Return{.min = true, .count = true}));
  EXPECT_TRUE(good(parse_uid_search, "return (max) ALL").uid);
  EXPECT_EQ(refusal(parse_search, "RETURN (FOO) ALL"), "expected a result option at octet 9");
  EXPECT_EQ(refusal(parse_search, "RETURN MIN ALL"), "expected \"(\" at octet 8");
  EXPECT_EQ(good(parse_search, "RETURN (SAVE) ALL").returned, (Search::Return{.save = true}));
  EXPECT_FALSE(good(parse_search, "RETURN (SAVE) ALL").returned->answers());
}

TEST(SearchGrammar, Windows) {
  const auto window = [](std::string_view octets) {
    return good(parse_uid_search, octets).returned->partial;
  };
  EXPECT_EQ(window("RETURN (PARTIAL 23500:24000) UNDELETED"), (Window{23500, 24000, false}));
  EXPECT_EQ(window("RETURN (COUNT PARTIAL -1:-100) UNDELETED"), (Window{1, 100, true}));
  EXPECT_EQ(window("RETURN (PARTIAL -100:-1) ALL"), (Window{1, 100, true}));
  EXPECT_EQ(refusal(parse_search, "RETURN (PARTIAL 1:2 ALL) ALL"),
            "expected either ALL or PARTIAL at octet 8");
  EXPECT_EQ(refusal(parse_search, "RETURN (PARTIAL 1:-2) ALL"), "expected a number at octet 19");
  EXPECT_EQ(refusal(parse_search, "RETURN (PARTIAL 0:2) ALL"), "expected a number above zero at octet 17");
}

TEST(SearchGrammar, SavedResultsAndIds) {
  const auto kinds = [](std::string_view octets) {
    std::vector<SearchSet::Kind> found;
    for (const SearchSet& set : good(parse_search, octets).program.sets) found.push_back(set.kind);
    return found;
  };
  using Kind = SearchSet::Kind;
  EXPECT_EQ(kinds("$ UID $ 1:2 UID 7"), (std::vector{Kind::saved, Kind::saved, Kind::numbers, Kind::uids}));
  EXPECT_EQ(kinds("EMAILID M6d99ac3275bb4e THREADID T1"), (std::vector{Kind::email_id, Kind::uids}));
  EXPECT_EQ(refusal(parse_search, "EMAILID \"a\""), "expected an object id at octet 9");
  EXPECT_EQ(refusal(parse_search, "EMAILID " + repeat("a", 256)), "expected an object id at octet 9");
  EXPECT_EQ(refusal(parse_search, "1,$"), "expected a number at octet 3");
}

TEST(SearchGrammar, AgesAndSaveDates) {
  EXPECT_EQ(query("UNSEEN YOUNGER 259200"), "and(not(\\Seen), younger 259200)");
  EXPECT_EQ(query("OLDER 4294967295"), "older 4294967295");
  EXPECT_EQ(query("SAVEDSINCE 2-Jan-1970 SAVEDON 2-Jan-1970"), "and(saved since 1, saved on 1)");
  EXPECT_EQ(query("SAVEDBEFORE 2-Jan-1970"), "saved before 1");
  EXPECT_EQ(query("SAVEDATESUPPORTED"), "all");
  EXPECT_EQ(refusal(parse_search, "OLDER 0"), "expected a number above zero at octet 7");
  SearchView view;
  view.now = WallTime(std::chrono::seconds(1000));
  EXPECT_EQ(text_of(resolve(good(parse_search, "OLDER 60").program, view)), "older 940");
  EXPECT_EQ(text_of(resolve(good(parse_search, "YOUNGER 5000").program, view)), "younger 0");
}

TEST(SearchGrammar, Charsets) {
  EXPECT_EQ(query("CHARSET utf-8 SUBJECT {2}\r\n\xC3\xA9"), "subject \xC3\xA9");
  EXPECT_EQ(query("CHARSET ISO-8859-1 SUBJECT {1}\r\n\xE9"), "subject \xC3\xA9");
  EXPECT_EQ(query("RETURN (ALL) CHARSET \"windows-1251\" BODY {1}\r\n\xC0"), "body \xD0\x90");
  EXPECT_EQ(query("CHARSET US-ASCII TEXT x"), "text x");
  EXPECT_EQ(query("SUBJECT {2}\r\n\xC3\xA9"), "subject \xC3\xA9") << "without CHARSET, UTF-8 is understood";
  EXPECT_EQ(refusal(parse_search, "SUBJECT {1}\r\n\xE9"),
            "expected text in the charset of the search at octet 9");
  EXPECT_EQ(refusal(parse_search, "CHARSET GB18030 TEXT {1}\r\n\xFF"),
            "expected text in the charset of the search at octet 22");
  for (std::string_view name : {"UTF-7", "ISO-2022-JP", "FOO", "UTF-16", "ISO-8859-1//TRANSLIT"}) {
    EXPECT_TRUE(good(parse_search, "CHARSET " + std::string(name) + " TEXT {1}\r\n\xE9").charset_refused)
        << name;
  }
  EXPECT_TRUE(good(parse_search, "CHARSET " + repeat("x", 10'000) + " ALL").charset_refused);
  EXPECT_FALSE(good(parse_search, "CHARSET UTF-8 ALL").charset_refused);
}

TEST(SearchGrammar, ModSeqIsNoticed) {
  EXPECT_TRUE(good(parse_search, "NOT MODSEQ 1").program.uses_modseq);
  EXPECT_FALSE(good(parse_search, "ALL").program.uses_modseq);
}

TEST(SearchGrammar, Nesting) {
  const auto parentheses = [](std::size_t depth) { return repeat("(", depth) + "SEEN" + repeat(")", depth); };
  EXPECT_EQ(query(parentheses(1000)), "\\Seen");
  EXPECT_EQ(refusal(parse_search, parentheses(1001)),
            "expected at most 1000 levels of parentheses at octet 1002");
  EXPECT_EQ(refusal(parse_search, repeat("(", 30'000)),
            "expected at most 1000 levels of parentheses at octet 1002");
  EXPECT_EQ(query(repeat("NOT ", 10'000) + "SEEN"), "\\Seen");
  EXPECT_EQ(query(repeat("NOT ", 10'001) + "SEEN"), "not(\\Seen)");
  EXPECT_EQ(good(parse_search, repeat("OR SEEN ", 5'000) + "DRAFT").program.root.children.size(), 5'001u);
  EXPECT_EQ(good(parse_search, repeat("OR ", 4'000) + "SEEN" + repeat(" DRAFT", 4'000))
                .program.root.children.size(),
            4'001u);
  // Levels that are not one kind's chain are real: (ALL NOT (ALL NOT (… two each.
  const auto alternating = [](std::size_t pairs) {
    return repeat("(ALL NOT ", pairs) + "SEEN" + repeat(")", pairs);
  };
  EXPECT_EQ(refusal(parse_search, alternating(499)), "accepted");
  EXPECT_EQ(refusal(parse_search, alternating(501)).substr(0, 28), "expected at most 1000 levels");
}

TEST(SearchGrammar, KeyBound) {
  EXPECT_EQ(good(parse_search, "1" + repeat(" 1", 9'999)).program.root.children.size(), 10'000u);
  EXPECT_EQ(refusal(parse_search, "1" + repeat(" 1", 10'000)),
            "expected at most 10000 keys, at most 1000 deep at octet 20002");
}

SearchView view_of(std::vector<std::uint32_t> uids) {
  SearchView view;
  view.exists = static_cast<std::uint32_t>(uids.size());
  view.uid = [uids](std::uint32_t number) { return Uid(uids.at(number - 1)); };
  view.recent = UidSet::one(Uid{30});
  return view;
}

std::string resolved(std::string_view octets, const SearchView& view) {
  return text_of(resolve(good(parse_search, octets).program, view));
}

TEST(SearchResolution, Sets) {
  const SearchView view = view_of({10, 20, 30});
  EXPECT_EQ(resolved("2:*", view), "set020:30");
  EXPECT_EQ(resolved("1,3", view), "set010,30");
  EXPECT_EQ(resolved("UID 15:*", view), "set015:30");
  EXPECT_EQ(resolved("UID 99:*", view), "set030:99");
  EXPECT_EQ(resolved("NOT (RECENT 1)", view), "not(and(set030, set010))");
  EXPECT_EQ(resolved("4", view), "set0") << "beyond the last there is nothing (RFC 7377 §2)";
  EXPECT_EQ(resolved("2:9", view), "set020:30");
  EXPECT_EQ(resolved("1:*", view_of({})), "set0");
  EXPECT_EQ(resolved("UID 1:*", view_of({})), "set0");
  EXPECT_EQ(resolved("1", view_of({})), "set0");
}

}  // namespace
}  // namespace postern::imap
