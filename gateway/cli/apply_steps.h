// Carries a plan out, some accounts at a time. What fails is told and the rest goes on: the same file again
// does what is left.
#pragma once

#include "gateway/cli/apply_plan.h"
#include "gateway/cli/with_store.h"

namespace postern::cli {

// Of all domains that the file speaks of.
Task<Result<Present>> read_present(StoreSession& session, const Desired& desired);

struct Applied {
  std::size_t done = 0;
  struct Failure {
    Failure(std::string o, Error e) : object(std::move(o)), error(std::move(e)) {}
    std::string object;
    Error error;
  };
  std::vector<Failure> failures;
};
// `plan` outlives it.
Task<Applied> apply(StoreSession& session, const ApplyPlan& plan);

}  // namespace postern::cli
