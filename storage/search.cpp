#include "storage/search.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/search_indexed.h"
#include "storage/search_scan.h"

namespace postern {

namespace {

// What is decided in one turn: bounds memory, and how long a cancelled search goes on.
constexpr std::size_t kUndecidedPerTurn = 32 * 1024;
// What the index has said of them takes room too: needles count double.
constexpr std::size_t kUndecidedNeedlesPerTurn = 256 * 1024;
constexpr std::size_t kStatesPerTurn = 50'000;

class Search {
 public:
  Search(Loop& loop, SearchSource& source, SnapshotPtr snapshot, SearchPlan plan,
         std::function<bool()> cancelled)
      : loop_(loop),
        snapshot_(std::move(snapshot)),
        plan_(std::move(plan)),
        cancelled_(std::move(cancelled)),
        indexed_(loop, source, plan_, snapshot_->key()),
        scanned_(loop, source, plan_, snapshot_->key(), cancelled_) {}

  Task<Result<UidSet>> run() {
    UidSet result;
    for (std::size_t page = 0; page < snapshot_->pages().size();) {
      if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
      UndecidedMessages undecided;
      page = ask_states(page, undecided);
      if (!undecided.messages.empty()) CO_TRY_VOID(co_await indexed_.decide(undecided, matches_));
      if (!undecided.messages.empty()) CO_TRY_VOID(co_await scanned_.decide(undecided, matches_));
      std::sort(matches_.begin(), matches_.end());
      for (const Uid uid : matches_) result.add(uid);
      matches_.clear();
      co_await sleep(loop_, Milliseconds(0));
    }
    co_return result;
  }

 private:
  // Returns the page to go on with.
  std::size_t ask_states(std::size_t page, UndecidedMessages& undecided) {
    const std::size_t needles = std::max<std::size_t>(1, plan_.needles().size());
    const std::size_t undecided_max = std::min(kUndecidedPerTurn, kUndecidedNeedlesPerTurn / needles);
    const auto& pages = snapshot_->pages();
    for (std::size_t states = 0; page < pages.size(); ++page) {
      if (states > kStatesPerTurn || undecided.messages.size() > undecided_max) break;
      for (const MessageState& state : pages[page]->states) {
        SearchEvidence evidence;
        evidence.state = &state;
        const Truth truth = plan_.evaluate(evidence);
        if (truth == Truth::yes) matches_.push_back(state.uid);
        if (truth == Truth::unknown) undecided.add(state, plan_);
      }
      states += pages[page]->states.size();
    }
    return page;
  }

  Loop& loop_;
  const SnapshotPtr snapshot_;
  const SearchPlan plan_;
  const std::function<bool()> cancelled_;
  std::vector<Uid> matches_;  // of the turn, in the order in which they were decided
  IndexedSearch indexed_;
  ScannedSearch scanned_;
};

}  // namespace

Task<Result<UidSet>> search_snapshot(Loop& loop, SearchSource& source, SnapshotPtr snapshot,
                                     SearchCriteria criteria, std::function<bool()> cancelled) {
  CO_TRY(SearchPlan plan, SearchPlan::make(criteria, snapshot->keywords()));
  Search search(loop, source, std::move(snapshot), std::move(plan), std::move(cancelled));
  co_return co_await search.run();
}

}  // namespace postern
