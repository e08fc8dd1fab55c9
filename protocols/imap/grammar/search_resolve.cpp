// From sets as the client wrote them to UIDs.
#include <algorithm>
#include <utility>

#include "protocols/imap/grammar/search.h"
#include "protocols/imap/grammar/sequence_set.h"

namespace postern::imap {

const std::string_view kSearchCharsets = "UTF-8 US-ASCII";

namespace {

// UIDs ascend with the numbers, so the messages from a to b are those with UIDs from uid(a) to uid(b).
// Numbers beyond the last find nothing, which is no error in a search (RFC 7377 §2).
UidSet uids_of(const SearchSet& set, const SearchView& view) {
  switch (set.kind) {
    case SearchSet::Kind::recent: return view.recent;
    case SearchSet::Kind::saved: return view.saved;
    case SearchSet::Kind::email_id: return view.with_email_id(set.email_id);
    case SearchSet::Kind::uids:
      return resolve_uids(set.set, view.exists > 0 ? view.uid(view.exists) : Uid{0});
    case SearchSet::Kind::numbers: break;
  }
  UidSet uids;
  const auto number = [&view](std::uint32_t n) { return n == SequenceSet::kLargest ? view.exists : n; };
  for (const SequenceSet::Range& range : set.set.ranges) {
    const std::uint32_t first = std::min(number(range.first), number(range.last));
    const std::uint32_t last = std::min(std::max(number(range.first), number(range.last)), view.exists);
    if (first >= 1 && first <= last) uids.add(view.uid(first), view.uid(last));
  }
  return uids;
}

}  // namespace

SearchCriteria resolve(SearchProgram program, const SearchView& view) {
  std::vector<SearchKey*> open{&program.root};
  while (!open.empty()) {
    SearchKey& key = *open.back();
    open.pop_back();
    // OLDER and YOUNGER count back from now (RFC 5032 §3).
    if (key.kind == SearchKind::internal_older || key.kind == SearchKind::internal_younger) {
      const auto now = std::chrono::floor<std::chrono::seconds>(view.now).time_since_epoch().count();
      key.number = static_cast<std::uint64_t>(
          std::max<std::int64_t>(0, static_cast<std::int64_t>(now) - static_cast<std::int64_t>(key.number)));
    }
    if (key.kind == SearchKind::uids) {
      key.uids = uids_of(program.sets[key.number], view);
      key.number = 0;
    }
    for (SearchKey& child : key.children) open.push_back(&child);
  }
  return std::move(program.root);
}

}  // namespace postern::imap
