// Arguments of SORT and THREAD (RFC 5256 §5, RFC 5267 §3.1, RFC 5957).
#include <array>

#include "protocols/imap/grammar/parse.h"
#include "protocols/imap/grammar/search_parts.h"

namespace postern::imap {

namespace {

struct NamedKey {
  std::string_view name;
  SortKind kind;
};
constexpr std::array kKeys{
    NamedKey{"ARRIVAL", SortKind::arrival},
    NamedKey{"CC", SortKind::cc},
    NamedKey{"DATE", SortKind::date},
    NamedKey{"FROM", SortKind::from},
    NamedKey{"SIZE", SortKind::size},
    NamedKey{"SUBJECT", SortKind::subject},
    NamedKey{"TO", SortKind::to},
    NamedKey{"DISPLAYFROM", SortKind::display_from},
    NamedKey{"DISPLAYTO", SortKind::display_to},
};
constexpr std::size_t kSortKeysMax = 20;  // more cannot say anything new

SortKey parse_key(Cursor& in) {
  SortKey key;
  key.reverse = in.take_word("REVERSE");
  if (key.reverse) in.space();
  for (const NamedKey& known : kKeys) {
    if (!in.take_word(known.name)) continue;
    key.kind = known.kind;
    return key;
  }
  in.fail("expected a sort key");
  return key;
}

// search-criteria = charset 1*(SP search-key)
void parse_criteria(Cursor& in, Search& search) {
  const std::string charset = in.astring("a charset");
  in.space();
  parse_program(in, charset, search);
}

Result<Sort> parse_sort_of(Cursor& in, bool uid) {
  Sort sort;
  sort.search.uid = uid;
  if (in.take_word("RETURN")) {
    in.space();
    sort.search.returned = parse_return(in);
    in.space();
  }
  const std::size_t begin = in.position();
  sort.keys = in.list(parse_key);
  if (sort.keys.size() > kSortKeysMax) in.fail_at(begin, "expected at most 20 sort keys");
  in.space();
  parse_criteria(in, sort.search);
  return in.finish(std::move(sort));
}

Result<Thread> parse_thread_of(Cursor& in, bool uid) {
  Thread thread;
  thread.search.uid = uid;
  if (in.take_word("ORDEREDSUBJECT")) {
    thread.algorithm = ThreadAlgorithm::ordered_subject;
  } else if (!in.take_word("REFERENCES")) {
    in.fail("expected ORDEREDSUBJECT or REFERENCES");
  }
  in.space();
  parse_criteria(in, thread.search);
  return in.finish(std::move(thread));
}

}  // namespace

Result<Sort> parse_sort(Cursor& in) {
  return parse_sort_of(in, false);
}
Result<Sort> parse_uid_sort(Cursor& in) {
  return parse_sort_of(in, true);
}
Result<Thread> parse_thread(Cursor& in) {
  return parse_thread_of(in, false);
}
Result<Thread> parse_uid_thread(Cursor& in) {
  return parse_thread_of(in, true);
}

}  // namespace postern::imap
