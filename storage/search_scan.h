// ScannedSearch: decides messages that the text index does not, by what they are themselves: facts,
// structures, octets, each read only for those that are still open, in batches.
#pragma once

#include "storage/search_indexed.h"
#include "storage/search_text.h"

namespace postern {

class ScannedSearch {
 public:
  // All must outlive it.
  ScannedSearch(Loop& loop, SearchSource& source, const SearchPlan& plan, MailboxKey mailbox,
                const std::function<bool()>& cancelled);

  // What matches is added to `matches`. closed: cancelled. Before the object dies, drained() must have
  // returned.
  Task<Result<void>> decide(const UndecidedMessages& undecided, std::vector<Uid>& matches);

 private:
  struct Candidate {
    MessageFacts facts;
    mime::Structure structure;
    SearchEvidence evidence;
    Truth truth = Truth::unknown;
  };
  struct Batch {
    std::vector<Candidate> candidates;  // by UID
    std::vector<SmallMessage> small;    // octets of those that are open
  };

  Task<Result<void>> decide_batch(const UndecidedMessages& undecided, std::size_t first,
                                  std::vector<Uid>& matches);
  // Candidates first..., as far as they can be decided or read together.
  Task<Result<Batch>> load(const UndecidedMessages& undecided, std::size_t first);
  Task<Result<void>> load_facts(const UndecidedMessages& undecided, std::size_t first, Batch& batch);
  Task<Result<void>> scan(Batch& batch);
  Task<Result<void>> scan_large(Candidate& candidate);
  void scan_small(Candidate& candidate, std::string_view octets) const;

  Loop& loop_;
  SearchSource& source_;
  const SearchPlan& plan_;
  const MailboxKey mailbox_;
  const std::function<bool()>& cancelled_;
  Lanes lanes_;
};

}  // namespace postern
