// IndexedSearch: asks the text index about messages that are not decided yet, kind by kind, the cheap ones
// first, and only for pages that still have such messages.
#pragma once

#include "storage/search_lanes.h"
#include "storage/search_plan.h"
#include "storage/search_source.h"

namespace postern {

// Messages of a few pages, ascending, and what the index has said of them.
struct UndecidedMessages {
  struct Message {
    const MessageState* state = nullptr;  // the snapshot's
    std::optional<IndexedFacts> facts;
  };
  std::vector<Message> messages;
  std::vector<IndexedNeedle> needles;  // as many for each message as the plan has

  void add(const MessageState& state, const SearchPlan& plan);
  SearchEvidence evidence(std::size_t index, const SearchPlan& plan) const;
};

class IndexedSearch {
 public:
  // All must outlive it.
  IndexedSearch(Loop& loop, SearchSource& source, const SearchPlan& plan, MailboxKey mailbox);

  // Moves what the index decides out of `undecided`; what matches is added to `matches`.
  Task<Result<void>> decide(UndecidedMessages& undecided, std::vector<Uid>& matches);

 private:
  Task<Result<void>> ask(SliceKind kind, UndecidedMessages& undecided);
  Task<Result<void>> ask_small(SliceKind kind, PageNumbers pages, UndecidedMessages& undecided);
  Task<Result<void>> ask_large(SliceKind kind, PageNumbers pages, UndecidedMessages& undecided);
  Result<void> apply(const std::vector<IndexSlice>& slices, UndecidedMessages& undecided) const;
  Result<void> apply(const IndexSlice& slice, SliceReader& reader, UndecidedMessages& undecided) const;
  // Whether the slice has to be read; if not, what it would not have is noted.
  bool needs(SliceKind kind, const SliceOutline& outline, UndecidedMessages& undecided) const;

  Loop& loop_;
  SearchSource& source_;
  const SearchPlan& plan_;
  const MailboxKey mailbox_;
  Lanes lanes_;
};

}  // namespace postern
