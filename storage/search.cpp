#include "storage/search.h"

#include <algorithm>

#include "gateway/async/worker.h"
#include "storage/search_plan.h"
#include "storage/search_text.h"

namespace postern {

namespace {

// Decoding so little is quicker than a thread is awake.
constexpr std::size_t kDecodeInPlaceOctetsMax = 8 * 1024;
constexpr std::size_t kReadOctetsMax = 64 * 1024;
constexpr std::size_t kStatesPerTurn = 50'000;

class Search {
 public:
  Search(Loop& loop, MessageStore& messages, SnapshotPtr snapshot, SearchPlan plan,
         std::function<bool()> cancelled)
      : loop_(loop),
        messages_(messages),
        snapshot_(std::move(snapshot)),
        plan_(std::move(plan)),
        cancelled_(std::move(cancelled)) {}

  Task<Result<UidSet>> run() {
    UidSet result;
    std::vector<Uid> slice;
    const auto& pages = snapshot_->pages();
    std::size_t states = 0;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      for (const MessageState& state : pages[i]->states) {
        SearchEvidence evidence;
        evidence.state = &state;
        const Truth truth = plan_.evaluate(evidence);
        if (truth == Truth::yes) matches_.push_back(state.uid);
        if (truth == Truth::unknown) slice.push_back(state.uid);
      }
      states += pages[i]->states.size();
      const bool last = i + 1 == pages.size();
      if (slice.size() + (1u << kPageBits) > MessageStore::kFactsMax || last || states > kStatesPerTurn) {
        if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
        CO_TRY_VOID(co_await decide(std::exchange(slice, std::vector<Uid>())));
        take_matches(result);
        co_await sleep(loop_, Milliseconds(0));
        states = 0;
      }
    }
    co_return result;
  }

 private:
  // The matches of a slice were found in the order in which they were decided.
  void take_matches(UidSet& result) {
    std::sort(matches_.begin(), matches_.end());
    for (const Uid uid : matches_) result.add(uid);
    matches_.clear();
  }

  Task<Result<void>> decide(std::vector<Uid> open) {
    if (!open.empty() && plan_.asks_facts()) {
      CO_TRY(open, co_await decide_by(std::move(open), FetchDepth::facts));
    }
    if (!open.empty()) {
      CO_TRY(open, co_await decide_by(std::move(open), FetchDepth::structure));
    }
    co_return Result<void>();
  }

  // Returns those that only more can decide; after structures come the octets, and nothing is left.
  Task<Result<std::vector<Uid>>> decide_by(std::vector<Uid> uids, FetchDepth depth) {
    UidSet asked;
    for (const Uid uid : uids) asked.add(uid);
    CO_TRY(std::vector<MessageFacts> facts, co_await messages_.facts(snapshot_->key(), asked, depth));
    std::vector<Weighed> weighed(facts.size());
    auto work = [this, &facts, &weighed, depth] { return weigh(facts, weighed, depth); };
    CO_TRY_VOID(co_await in_worker(loop_, work));
    std::vector<Uid> open;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const MessageFacts& message = facts[i];
      Truth truth = weighed[i].truth;
      if (truth == Truth::unknown && depth == FetchDepth::structure) {
        const mime::Structure& structure = weighed[i].structure;
        CO_TRY(truth, co_await read_octets(message, structure));
      }
      if (truth == Truth::yes) matches_.push_back(message.uid);
      if (truth == Truth::unknown) open.push_back(message.uid);
    }
    co_return open;
  }

  struct Weighed {
    Truth truth = Truth::unknown;
    mime::Structure structure;
  };

  Result<void> weigh(const std::vector<MessageFacts>& facts, std::vector<Weighed>& weighed,
                     FetchDepth depth) const {
    for (std::size_t i = 0; i < facts.size(); ++i) {
      SearchEvidence evidence;
      evidence.state = snapshot_->find(facts[i].uid);
      evidence.facts = &facts[i];
      if (depth == FetchDepth::structure) {
        TRY(weighed[i].structure, mime::decode(facts[i].structure));
        evidence.structure = &weighed[i].structure;
      }
      weighed[i].truth = plan_.evaluate(evidence);
    }
    return {};
  }

  Task<Result<Truth>> read_octets(const MessageFacts& facts, const mime::Structure& structure) {
    const std::unique_ptr<MessageReader> reader = messages_.open(snapshot_->key().account, facts);
    SearchEvidence evidence;
    evidence.state = snapshot_->find(facts.uid);
    evidence.facts = &facts;
    evidence.structure = &structure;
    TextScan scan(plan_, structure);
    evidence.found = &scan.found();
    while (scan.next()) {
      const mime::OctetRange range = scan.range();
      for (std::uint64_t at = range.begin; at < range.end;) {
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(range.end - at, kReadOctetsMax));
        const auto octets = co_await reader->read(at, wanted);
        if (!octets && octets.error().kind == ErrorKind::not_found) co_return Truth::no;  // purged meanwhile
        if (!octets) co_return octets.error();
        if (octets->empty()) break;
        at += octets->size();
        auto look = [&scan, &octets] { return scan.feed(*octets), true; };
        if (octets->size() <= kDecodeInPlaceOctetsMax) {
          look();
        } else {
          co_await in_worker(loop_, look);
        }
      }
      if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
      const Truth truth = plan_.evaluate(evidence);
      if (truth != Truth::unknown) co_return truth;
    }
    evidence.octets_complete = true;
    co_return plan_.evaluate(evidence);
  }

  Loop& loop_;
  MessageStore& messages_;
  const SnapshotPtr snapshot_;
  const SearchPlan plan_;
  const std::function<bool()> cancelled_;
  std::vector<Uid> matches_;
};

}  // namespace

Task<Result<UidSet>> search_snapshot(Loop& loop, MessageStore& messages, SnapshotPtr snapshot,
                                     SearchCriteria criteria, std::function<bool()> cancelled) {
  CO_TRY(SearchPlan plan, SearchPlan::make(criteria, snapshot->keywords()));
  Search search(loop, messages, std::move(snapshot), std::move(plan), std::move(cancelled));
  co_return co_await search.run();
}

}  // namespace postern
