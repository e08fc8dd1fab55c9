// Arguments of SEARCH (RFC 3501 §6.4.4, RFC 4731, RFC 5032, RFC 5182, RFC 7162 §3.1.5, RFC 8474, RFC 8514,
// RFC 9394).
//
// The query is built bottom-up from a stack on the heap: how deep a client nests never shows on the native
// one.
#include "protocols/imap/grammar/search.h"

#include <array>
#include <utility>

#include "gateway/base/text.h"
#include "protocols/imap/grammar/charset.h"
#include "protocols/imap/grammar/date_time.h"
#include "protocols/imap/grammar/parse.h"
#include "protocols/imap/grammar/search_parts.h"
#include "protocols/imap/grammar/search_tree.h"
#include "protocols/imap/grammar/sequence_set.h"

namespace postern::imap {

namespace {

enum class Argument : std::uint8_t { none, text, number, interval, date, field_and_text, keyword };

struct NamedKey {
  std::string_view name;
  SearchKind kind;
  Argument argument = Argument::none;
  SystemFlag flag = SystemFlag::seen;  // of kind flag
  bool negated = false;
  std::string_view field = {};  // of kind address
};
using enum SearchKind;
constexpr std::array kKeys{
    NamedKey{"ALL", all},
    NamedKey{"ANSWERED", flag, Argument::none, SystemFlag::answered},
    NamedKey{"DELETED", flag, Argument::none, SystemFlag::deleted},
    NamedKey{"DRAFT", flag, Argument::none, SystemFlag::draft},
    NamedKey{"FLAGGED", flag, Argument::none, SystemFlag::flagged},
    NamedKey{"SEEN", flag, Argument::none, SystemFlag::seen},
    NamedKey{"UNANSWERED", flag, Argument::none, SystemFlag::answered, true},
    NamedKey{"UNDELETED", flag, Argument::none, SystemFlag::deleted, true},
    NamedKey{"UNDRAFT", flag, Argument::none, SystemFlag::draft, true},
    NamedKey{"UNFLAGGED", flag, Argument::none, SystemFlag::flagged, true},
    NamedKey{"UNSEEN", flag, Argument::none, SystemFlag::seen, true},
    NamedKey{"KEYWORD", keyword, Argument::keyword},
    NamedKey{"UNKEYWORD", keyword, Argument::keyword, SystemFlag::seen, true},
    NamedKey{"BEFORE", internal_before, Argument::date},
    NamedKey{"ON", internal_on, Argument::date},
    NamedKey{"SINCE", internal_since, Argument::date},
    NamedKey{"SENTBEFORE", sent_before, Argument::date},
    NamedKey{"SENTON", sent_on, Argument::date},
    NamedKey{"SENTSINCE", sent_since, Argument::date},
    NamedKey{"SAVEDBEFORE", saved_before, Argument::date},
    NamedKey{"SAVEDON", saved_on, Argument::date},
    NamedKey{"SAVEDSINCE", saved_since, Argument::date},
    NamedKey{"SAVEDATESUPPORTED", all},
    NamedKey{"OLDER", internal_older, Argument::interval},
    NamedKey{"YOUNGER", internal_younger, Argument::interval},
    NamedKey{"LARGER", larger, Argument::number},
    NamedKey{"SMALLER", smaller, Argument::number},
    NamedKey{"HEADER", header, Argument::field_and_text},
    NamedKey{"FROM", address, Argument::text, SystemFlag::seen, false, "From"},
    NamedKey{"TO", address, Argument::text, SystemFlag::seen, false, "To"},
    NamedKey{"CC", address, Argument::text, SystemFlag::seen, false, "Cc"},
    NamedKey{"BCC", address, Argument::text, SystemFlag::seen, false, "Bcc"},
    NamedKey{"SUBJECT", subject, Argument::text},
    NamedKey{"BODY", body, Argument::text},
    NamedKey{"TEXT", text, Argument::text},
};

SearchKey negation_of(SearchKey key) {
  SearchKey out;
  out.kind = negation;
  out.children.push_back(std::move(key));
  return out;
}

class SearchParser {
 public:
  SearchParser(Cursor& in, SearchProgram& program) : in_(in), program_(program) {}

  // false: CHARSET is not one of ours.
  bool use_charset(std::string_view name) {
    auto charset = Charset::named(name);
    charset_known_ = charset.has_value();
    if (charset) charset_ = *std::move(charset);
    return charset_known_;
  }
  SearchKey parse();

 private:
  SearchKey parse_leaf();
  SearchKey parse_modseq();
  std::string parse_text();
  SearchKey set_key(SearchSet set);
  SearchKey sequence_key(SearchSet::Kind kind);
  SearchKey uid_side_key(std::uint32_t uid, bool after);

  Cursor& in_;
  SearchProgram& program_;
  Charset charset_;
  bool charset_known_ = true;
};

SearchKey SearchParser::parse() {
  SearchTree tree;
  while (in_.ok()) {
    if (in_.take("(")) {
      if (!tree.open(conjunction)) in_.fail("expected at most 1000 levels of parentheses");
      continue;
    }
    if (in_.take_word("NOT")) {
      tree.open(negation);
      in_.space();
      continue;
    }
    if (in_.take_word("OR")) {
      tree.open(disjunction);
      in_.space();
      continue;
    }
    if (!tree.add(parse_leaf())) in_.fail("expected at most 10000 keys, at most 1000 deep");
    while (tree.in_parentheses() && in_.take(")")) {
      if (!tree.close()) in_.fail("expected at most 1000 levels");
    }
    if (tree.is_whole() && in_.at_end()) break;
    in_.space();
  }
  return in_.ok() ? tree.finish() : SearchKey();
}

std::string SearchParser::parse_text() {
  in_.space();
  const std::size_t begin = in_.position();
  auto utf8 = charset_.to_utf8(in_.astring());
  if (!utf8 && charset_known_) in_.fail_at(begin, "expected text in the charset of the search");
  return std::move(utf8).value_or("");
}

SearchKey SearchParser::set_key(SearchSet set) {
  SearchKey key;
  key.kind = uids;
  key.number = program_.sets.size();
  program_.sets.push_back(std::move(set));
  return key;
}

// "$" is the same messages however they are counted.
SearchKey SearchParser::sequence_key(SearchSet::Kind kind) {
  SearchSet set{kind, in_.sequence_set(), {}};
  if (set.set.saved) set.kind = SearchSet::Kind::saved;
  return set_key(std::move(set));
}

// Above or below a UID, without it (RFC 9738 §3.6).
SearchKey SearchParser::uid_side_key(std::uint32_t uid, bool after) {
  SearchSet set{SearchSet::Kind::uids, {}, {}};
  if (after && uid < UINT32_MAX) set.set.ranges.push_back({uid + 1, UINT32_MAX});
  if (!after && uid > 1) set.set.ranges.push_back({1, uid - 1});
  return set_key(std::move(set));
}

// search-modsequence = "MODSEQ" [SP entry-name SP entry-type-req] SP mod-sequence-valzer. Modseqs are kept
// per message here, so the entry only has to be well-formed.
SearchKey SearchParser::parse_modseq() {
  in_.space();
  if (in_.peek('"')) {
    in_.string();
    in_.space();
    if (!in_.take_word("all") && !in_.take_word("priv") && !in_.take_word("shared")) {
      in_.fail("expected all, priv or shared");
    }
    in_.space();
  }
  SearchKey key;
  key.kind = modseq;
  key.number = in_.number(kNumber63Max);
  program_.uses_modseq = true;
  return key;
}

SearchKey SearchParser::parse_leaf() {
  if (in_.peek_digit() || in_.peek('*') || in_.peek('$')) return sequence_key(SearchSet::Kind::numbers);
  if (in_.take_word("UID")) {
    in_.space();
    return sequence_key(SearchSet::Kind::uids);
  }
  const bool after = in_.take_word("UIDAFTER");
  if (after || in_.take_word("UIDBEFORE")) {
    in_.space();
    return uid_side_key(in_.nz_number(), after);
  }
  if (in_.take_word("EMAILID")) {
    in_.space();
    return set_key({SearchSet::Kind::email_id, {}, in_.object_id()});
  }
  // No message belongs to a thread here (RFC 8474 §4.2).
  if (in_.take_word("THREADID")) {
    in_.space();
    in_.object_id();
    return set_key({SearchSet::Kind::uids, {}, {}});
  }
  if (in_.take_word("RECENT")) return set_key({SearchSet::Kind::recent, {}, {}});
  if (in_.take_word("OLD")) return negation_of(set_key({SearchSet::Kind::recent, {}, {}}));
  if (in_.take_word("NEW")) {
    SearchKey seen;
    seen.kind = flag;
    seen.flag_bits = static_cast<std::uint8_t>(SystemFlag::seen);
    SearchKey key;
    key.kind = conjunction;
    key.children.push_back(set_key({SearchSet::Kind::recent, {}, {}}));
    key.children.push_back(negation_of(std::move(seen)));
    return key;
  }
  if (in_.take_word("MODSEQ")) return parse_modseq();
  for (const NamedKey& known : kKeys) {
    if (!in_.take_word(known.name)) continue;
    SearchKey key;
    key.kind = known.kind;
    key.field = known.field;
    if (known.kind == flag) key.flag_bits = static_cast<std::uint8_t>(known.flag);
    switch (known.argument) {
      case Argument::none: break;
      case Argument::text: key.text = parse_text(); break;
      case Argument::number:
        in_.space();
        key.number = in_.number(kNumber63Max);
        break;
      case Argument::interval:
        in_.space();
        key.number = in_.nz_number();
        break;
      case Argument::date:
        in_.space();
        key.day = parse_date(in_);
        break;
      case Argument::field_and_text:
        in_.space();
        key.field = in_.astring("a field name");
        key.text = parse_text();
        break;
      case Argument::keyword:
        in_.space();
        key.text = in_.atom("a keyword");
        break;
    }
    return known.negated ? negation_of(std::move(key)) : key;
  }
  in_.fail("expected a search key");
  return {};
}

bool parse_return_option(Cursor& in, Search::Return& returned) {
  if (in.take_word("MIN")) return returned.min = true;
  if (in.take_word("MAX")) return returned.max = true;
  if (in.take_word("ALL")) return returned.all = true;
  if (in.take_word("COUNT")) return returned.count = true;
  if (in.take_word("SAVE")) return returned.save = true;
  if (!returned.partial && in.take_word("PARTIAL")) {
    in.space();
    returned.partial = in.window();
    return true;
  }
  in.fail("expected a result option");
  return false;
}

}  // namespace

Search::Return parse_return(Cursor& in) {
  Search::Return returned;
  const std::size_t begin = in.position();
  const auto options = in.list([&](Cursor& option) { return parse_return_option(option, returned); }, 0);
  if (options.empty()) returned.all = true;  // RFC 4731 §3.1
  if (returned.all && returned.partial) in.fail_at(begin, "expected either ALL or PARTIAL");
  return returned;
}

void parse_program(Cursor& in, const std::optional<std::string>& charset, Search& search) {
  SearchParser parser(in, search.program);
  search.charset_given = charset.has_value();
  if (charset) search.charset_refused = !parser.use_charset(*charset);
  search.program.root = parser.parse();
}

void parse_search_arguments(Cursor& in, Search& search) {
  if (in.take_word("RETURN")) {
    in.space();
    search.returned = parse_return(in);
    in.space();
  }
  std::optional<std::string> charset;
  if (in.take_word("CHARSET")) {
    in.space();
    charset = in.astring("a charset");
    in.space();
  }
  parse_program(in, charset, search);
}

Result<Search> parse_search(Cursor& in) {
  Search search;
  parse_search_arguments(in, search);
  return in.finish(std::move(search));
}

Result<Search> parse_uid_search(Cursor& in) {
  Search search;
  search.uid = true;
  parse_search_arguments(in, search);
  return in.finish(std::move(search));
}

}  // namespace postern::imap
