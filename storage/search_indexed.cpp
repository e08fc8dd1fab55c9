#include "storage/search_indexed.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "gateway/base/text.h"

namespace postern {

namespace {

// Of packed records in one answer; unpacked they are three times as many.
constexpr std::uint64_t kPackedOctetsMax = 512 * 1024;

using Messages = std::vector<UndecidedMessages::Message>;

Messages::const_iterator message_from(const Messages& messages, Uid uid) {
  return std::lower_bound(
      messages.begin(), messages.end(), uid,
      [](const UndecidedMessages::Message& message, Uid wanted) { return message.state->uid < wanted; });
}

PageNumbers pages_of(const Messages& messages) {
  PageNumbers pages;
  for (const auto& message : messages) {
    const std::int64_t page = raw(message.state->uid) >> kPageBits;
    if (pages.empty() || pages.back() != page) pages.push_back(page);
  }
  return pages;
}

// At most kPagesMax at a time.
std::vector<PageNumbers> in_batches(const PageNumbers& pages) {
  std::vector<PageNumbers> batches;
  for (auto at = pages.begin(); at != pages.end();) {
    const auto end =
        at + std::min<std::ptrdiff_t>(pages.end() - at, static_cast<std::ptrdiff_t>(SearchSource::kPagesMax));
    batches.emplace_back(at, end);
    at = end;
  }
  return batches;
}

std::vector<std::vector<SliceOutline>> in_batches(std::vector<SliceOutline> outlines) {
  std::vector<std::vector<SliceOutline>> batches;
  std::uint64_t octets = 0;
  for (SliceOutline& outline : outlines) {
    if (batches.empty() || octets + outline.packed_octets > kPackedOctetsMax) {
      batches.emplace_back();
      octets = 0;
    }
    octets += outline.packed_octets;
    batches.back().push_back(std::move(outline));
  }
  return batches;
}

// A field's text in a record of SliceKind::header.
bool field_contains(std::string_view record, const SearchPlan::Needle& needle) {
  if (!contains(record, needle.folded)) return false;
  while (!record.empty()) {
    const std::size_t end = record.find(kTextEnd);
    const FoldedField field = split_field(record.substr(0, end));
    if (text::same(field.name, needle.field) && contains(field.value, needle.folded)) return true;
    record.remove_prefix(end == std::string_view::npos ? record.size() : end + 1);
  }
  return false;
}

bool record_contains(SliceKind kind, std::string_view record, const SearchPlan::Needle& needle) {
  if (kind == SliceKind::header && needle.kind == SearchKind::header) return field_contains(record, needle);
  return !record.empty() && contains(record, needle.folded);
}

}  // namespace

void UndecidedMessages::add(const MessageState& state, const SearchPlan& plan) {
  Message message;
  message.state = &state;
  messages.push_back(message);
  for (const auto& needle : plan.needles()) needles.push_back(IndexedNeedle{false, needle.kinds});
}

SearchEvidence UndecidedMessages::evidence(std::size_t index, const SearchPlan& plan) const {
  SearchEvidence evidence;
  evidence.state = messages[index].state;
  if (messages[index].facts) evidence.indexed = &*messages[index].facts;
  evidence.indexed_needles = needles.data() + index * plan.needles().size();
  return evidence;
}

IndexedSearch::IndexedSearch(Loop& loop, SearchSource& source, const SearchPlan& plan, MailboxKey mailbox)
    : loop_(loop), source_(source), plan_(plan), mailbox_(mailbox), lanes_(loop) {}

Task<Result<void>> IndexedSearch::decide(UndecidedMessages& undecided, std::vector<Uid>& matches) {
  for (unsigned number = 1; number <= static_cast<unsigned>(kSliceKindMax); ++number) {
    const auto kind = static_cast<SliceKind>(number);
    if ((plan_.kinds() & bit(kind)) == 0 || undecided.messages.empty()) continue;
    CO_TRY_VOID(co_await ask(kind, undecided));
    auto evaluate = [this, &undecided, &matches] {
      UndecidedMessages open;
      const std::size_t each = plan_.needles().size();
      for (std::size_t i = 0; i < undecided.messages.size(); ++i) {
        const Truth truth = plan_.evaluate(undecided.evidence(i, plan_));
        if (truth == Truth::yes) matches.push_back(undecided.messages[i].state->uid);
        if (truth != Truth::unknown) continue;
        open.messages.push_back(undecided.messages[i]);
        const auto needles = undecided.needles.begin() + static_cast<std::ptrdiff_t>(i * each);
        open.needles.insert(open.needles.end(), needles, needles + static_cast<std::ptrdiff_t>(each));
      }
      undecided = std::move(open);
      return true;
    };
    co_await in_worker(loop_, evaluate);
  }
  co_return Result<void>();
}

// No two slices speak for the same message and kind, so they may be looked at side by side.
Task<Result<void>> IndexedSearch::ask(SliceKind kind, UndecidedMessages& undecided) {
  const std::vector<PageNumbers> batches = in_batches(pages_of(undecided.messages));
  const bool large = (kLargeKinds & bit(kind)) != 0;
  const auto step = [this, kind, large, &batches, &undecided](std::size_t i) {
    return large ? ask_large(kind, batches[i], undecided) : ask_small(kind, batches[i], undecided);
  };
  co_return co_await lanes_.run(batches.size(), step);
}

Task<Result<void>> IndexedSearch::ask_small(SliceKind kind, PageNumbers pages, UndecidedMessages& undecided) {
  CO_TRY(const std::vector<IndexSlice> slices, co_await source_.slices(mailbox_, kind, std::move(pages)));
  auto work = [this, &slices, &undecided] { return apply(slices, undecided); };
  co_return co_await in_worker(loop_, work);
}

Task<Result<void>> IndexedSearch::ask_large(SliceKind kind, PageNumbers pages, UndecidedMessages& undecided) {
  const auto& needles = plan_.needles();
  const bool with_grams = std::any_of(needles.begin(), needles.end(), [kind](const auto& needle) {
    return (needle.kinds & bit(kind)) != 0 && needle.folded.size() >= kGramOctets;
  });
  CO_TRY(std::vector<SliceOutline> outlines,
         co_await source_.outlines(mailbox_, kind, std::move(pages), with_grams));
  auto filter = [this, kind, &outlines, &undecided] {
    std::erase_if(outlines, [&](const SliceOutline& outline) { return !needs(kind, outline, undecided); });
    return in_batches(std::move(outlines));
  };
  const auto wanted = co_await in_worker(loop_, filter);
  for (const auto& batch : wanted) {
    CO_TRY(const std::vector<IndexSlice> slices, co_await source_.slices_of(mailbox_, kind, batch));
    auto work = [this, &slices, &undecided] { return apply(slices, undecided); };
    CO_TRY_VOID(co_await in_worker(loop_, work));
  }
  co_return Result<void>();
}

Result<void> IndexedSearch::apply(const std::vector<IndexSlice>& slices, UndecidedMessages& undecided) const {
  SliceReader reader;
  for (const IndexSlice& slice : slices) TRY_VOID(apply(slice, reader, undecided));
  return {};
}

Result<void> IndexedSearch::apply(const IndexSlice& slice, SliceReader& reader,
                                  UndecidedMessages& undecided) const {
  const auto& needles = plan_.needles();
  TRY_VOID(reader.open(slice));
  std::vector<bool> possible(needles.size());
  for (std::size_t i = 0; i < needles.size(); ++i) {
    possible[i] = (needles[i].kinds & bit(slice.kind)) != 0 && contains(reader.records(), needles[i].folded);
  }
  Messages& messages = undecided.messages;
  const auto first = message_from(messages, Uid(slice.page << kPageBits));
  auto at = static_cast<std::size_t>(first - messages.begin());
  for (std::size_t records = slice.uids.count(); records > 0; --records) {
    if (!reader.next()) return Error(ErrorKind::internal, "a slice of the text index is too short");
    while (at < messages.size() && messages[at].state->uid < reader.uid()) ++at;
    if (at == messages.size() || messages[at].state->uid != reader.uid()) continue;
    if (slice.kind == SliceKind::facts) {
      TRY(messages[at].facts, decode_facts(reader.record()));
      continue;
    }
    for (std::size_t i = 0; i < needles.size(); ++i) {
      IndexedNeedle& indexed = undecided.needles[at * needles.size() + i];
      if (indexed.found || (indexed.open & bit(slice.kind)) == 0) continue;
      indexed.found = possible[i] && record_contains(slice.kind, reader.record(), needles[i]);
      indexed.open = static_cast<SliceKinds>(indexed.open & ~bit(slice.kind));
    }
  }
  return {};
}

bool IndexedSearch::needs(SliceKind kind, const SliceOutline& outline, UndecidedMessages& undecided) const {
  const auto& needles = plan_.needles();
  std::vector<bool> possible(needles.size());
  for (std::size_t i = 0; i < needles.size(); ++i) {
    possible[i] = (needles[i].kinds & bit(kind)) != 0 && may_contain(outline.grams, needles[i].folded);
  }
  bool needed = false;
  const Messages& messages = undecided.messages;
  auto at = message_from(messages, Uid(outline.page << kPageBits));
  for (; at != messages.end() && raw(at->state->uid) >> kPageBits == outline.page; ++at) {
    if (!outline.uids[raw(at->state->uid) % kPageUids]) continue;
    const auto first = static_cast<std::size_t>(at - messages.begin()) * needles.size();
    for (std::size_t i = 0; i < needles.size(); ++i) {
      IndexedNeedle& indexed = undecided.needles[first + i];
      if (possible[i]) needed = needed || (!indexed.found && (indexed.open & bit(kind)) != 0);
      if (!possible[i]) indexed.open = static_cast<SliceKinds>(indexed.open & ~bit(kind));
    }
  }
  return needed;
}

}  // namespace postern
