#include "storage/search_scan.h"

#include <algorithm>

#include "gateway/async/worker.h"

namespace postern {

namespace {
constexpr std::size_t kBatch = SearchSource::kSmallMessagesMax;
}  // namespace

ScannedSearch::ScannedSearch(Loop& loop, SearchSource& source, const SearchPlan& plan, MailboxKey mailbox,
                             const std::function<bool()>& cancelled)
    : loop_(loop), source_(source), plan_(plan), mailbox_(mailbox), cancelled_(cancelled), lanes_(loop) {}

Task<Result<void>> ScannedSearch::decide(const UndecidedMessages& undecided, std::vector<Uid>& matches) {
  const auto step = [this, &undecided, &matches](std::size_t i) {
    return decide_batch(undecided, i * kBatch, matches);
  };
  co_return co_await lanes_.run((undecided.messages.size() + kBatch - 1) / kBatch, step);
}

Task<Result<void>> ScannedSearch::decide_batch(const UndecidedMessages& undecided, std::size_t first,
                                               std::vector<Uid>& matches) {
  if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
  CO_TRY(Batch batch, co_await load(undecided, first));
  CO_TRY_VOID(co_await scan(batch));
  for (const Candidate& candidate : batch.candidates) {
    if (candidate.truth == Truth::yes) matches.push_back(candidate.facts.uid);
  }
  co_return Result<void>();
}

Task<Result<ScannedSearch::Batch>> ScannedSearch::load(const UndecidedMessages& undecided,
                                                       std::size_t first) {
  Batch batch;
  CO_TRY_VOID(co_await load_facts(undecided, first, batch));
  UidSet open;
  for (const Candidate& candidate : batch.candidates) {
    if (candidate.truth == Truth::unknown) open.add(candidate.facts.uid);
  }
  if (!open.empty()) {
    CO_TRY(batch.small, co_await source_.small_messages(mailbox_, std::move(open)));
  }
  co_return batch;
}

// Those that are gone meanwhile do not match.
Task<Result<void>> ScannedSearch::load_facts(const UndecidedMessages& undecided, std::size_t first,
                                             Batch& batch) {
  const std::size_t end = std::min(first + kBatch, undecided.messages.size());
  std::size_t at = first;
  const auto evidence_of = [&undecided, &at, end, this](Uid uid) {
    while (at + 1 < end && undecided.messages[at].state->uid < uid) ++at;
    return undecided.evidence(at, plan_);
  };
  UidSet asked;
  for (std::size_t i = first; i < end; ++i) asked.add(undecided.messages[i].state->uid);
  if (plan_.asks_facts()) {
    CO_TRY(const std::vector<MessageFacts> facts, co_await source_.facts(mailbox_, asked, FetchDepth::facts));
    asked = UidSet();
    for (const MessageFacts& one : facts) {
      SearchEvidence evidence = evidence_of(one.uid);
      evidence.facts = &one;
      const Truth truth = plan_.evaluate(evidence);
      if (truth == Truth::unknown) asked.add(one.uid);
      if (truth != Truth::yes) continue;
      batch.candidates.emplace_back();
      batch.candidates.back().facts = one;
      batch.candidates.back().truth = truth;
    }
    at = first;
  }
  if (asked.empty()) co_return Result<void>();
  CO_TRY(std::vector<MessageFacts> facts,
         co_await source_.facts(mailbox_, std::move(asked), FetchDepth::structure));
  const std::size_t decided = batch.candidates.size();
  batch.candidates.resize(decided + facts.size());
  auto weigh = [this, &facts, &batch, decided, &evidence_of]() -> Result<void> {
    for (std::size_t i = 0; i < facts.size(); ++i) {
      Candidate& candidate = batch.candidates[decided + i];
      candidate.facts = std::move(facts[i]);
      TRY(candidate.structure, mime::decode(candidate.facts.structure));
      candidate.evidence = evidence_of(candidate.facts.uid);
      candidate.evidence.facts = &candidate.facts;
      candidate.evidence.structure = &candidate.structure;
      candidate.truth = plan_.evaluate(candidate.evidence);
    }
    return {};
  };
  co_return co_await in_worker(loop_, weigh);
}

Task<Result<void>> ScannedSearch::scan(Batch& batch) {
  auto look = [this, &batch] {
    auto at = batch.candidates.begin();
    for (const SmallMessage& small : batch.small) {
      at = std::find_if(at, batch.candidates.end(), [&small](const Candidate& candidate) {
        return candidate.truth == Truth::unknown && candidate.facts.uid == small.uid;
      });
      if (at == batch.candidates.end()) break;
      scan_small(*at, small.octets);
    }
    return true;
  };
  if (!batch.small.empty()) co_await in_worker(loop_, look);
  for (Candidate& candidate : batch.candidates) {
    if (candidate.truth == Truth::unknown) CO_TRY_VOID(co_await scan_large(candidate));
  }
  co_return Result<void>();
}

void ScannedSearch::scan_small(Candidate& candidate, std::string_view octets) const {
  TextScan scan(plan_, candidate.structure);
  candidate.evidence.found = &scan.found();
  const auto enough = [this, &candidate] {
    candidate.truth = plan_.evaluate(candidate.evidence);
    return candidate.truth != Truth::unknown;
  };
  read_through(octets, scan.walk(), enough);
  candidate.evidence.octets_complete = true;
  candidate.truth = plan_.evaluate(candidate.evidence);
}

Task<Result<void>> ScannedSearch::scan_large(Candidate& candidate) {
  if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
  const std::unique_ptr<MessageReader> reader = source_.open(mailbox_.account, candidate.facts);
  TextScan scan(plan_, candidate.structure);
  candidate.evidence.found = &scan.found();
  const auto enough = [this, &candidate] {
    if (cancelled_ && cancelled_()) return true;
    candidate.truth = plan_.evaluate(candidate.evidence);
    return candidate.truth != Truth::unknown;
  };
  const Result<void> read = co_await read_through(loop_, *reader, scan.walk(), enough);
  if (!read && read.error().kind == ErrorKind::not_found) {
    candidate.truth = Truth::no;  // purged meanwhile
    co_return Result<void>();
  }
  if (!read) co_return read.error();
  if (cancelled_ && cancelled_()) co_return Error(ErrorKind::closed, "search was given up");
  candidate.evidence.octets_complete = true;
  candidate.truth = plan_.evaluate(candidate.evidence);
  co_return Result<void>();
}

}  // namespace postern
