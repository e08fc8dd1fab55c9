// COPY and MOVE: attempts of a Transfer until one holds.
#include "storage/postgres/messages.h"
#include "storage/postgres/transfer.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {
constexpr int kAttemptsMax = 10;
}

Task<Result<Copied>> PostgresMessages::copy(MailboxKey from, UidSet uids, MailboxKey to) {
  TransferPlan plan;
  plan.from = from;
  plan.to = to;
  plan.uids = std::move(uids);
  co_return co_await carry_out(std::move(plan));
}

Task<Result<Copied>> PostgresMessages::move(MailboxKey from, UidSet uids, MailboxKey to) {
  TransferPlan plan;
  plan.from = from;
  plan.to = to;
  plan.uids = std::move(uids);
  plan.move = true;
  co_return co_await carry_out(std::move(plan));
}

// Keywords get their numbers in the target before it is locked; they are never taken back.
Task<Result<void>> PostgresMessages::plan_keywords(TransferPlan& plan) {
  CO_TRY(SnapshotPtr source, co_await index_.current(plan.from));
  std::vector<bool> used(source->keywords().names().size());
  source->each(plan.uids, [&source, &used](std::size_t, const MessageState& state) {
    for (const auto number : source->keywords().set(state.keyword_set())) {
      if (number < used.size()) used[number] = true;
    }
  });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) names.push_back(source->keywords().names()[i]);
  }
  plan.keywords.assign(used.size(), std::nullopt);
  if (names.empty()) co_return Result<void>();
  CO_TRY(SnapshotPtr target, co_await index_.current(plan.to));
  KeywordTable table = target->keywords();
  CO_TRY_VOID(co_await keyword_numbers(plan.to, std::move(names), table));
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) plan.keywords[i] = table.number_of(source->keywords().names()[i]);
  }
  co_return Result<void>();
}

Task<Result<Copied>> PostgresMessages::carry_out(TransferPlan plan) {
  const Deadline deadline = Deadline::after(StateWriter::kSettleTimeMax);
  plan.key = random_write_key();
  plan.save_date = clock_.now();
  Error last(ErrorKind::unavailable);
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    CO_TRY_VOID(co_await plan_keywords(plan));
    Transfer transfer(database_, index_, plan);
    auto copied = co_await transfer.run();
    if (!copied) {
      last = copied.error();
      if (last.kind == ErrorKind::stale) continue;
      if (last.kind == ErrorKind::timed_out) co_return Error(ErrorKind::unavailable, last.detail);
      // In doubt; or what was in doubt before has committed after we looked.
      if (last.kind != ErrorKind::closed && last.kind != ErrorKind::already_exists) co_return last;
      CO_TRY(std::optional<KeyedWrite> written,
             co_await settle_write(database_, plan.to.account, plan.key, deadline));
      if (!written) continue;
    }
    const Copied outcome = transfer.outcome();
    if (outcome.from.empty()) co_return outcome;
    if (auto source = transfer.source_after()) index_.advance(std::move(source));
    doorbell_.ring(plan.to, outcome.target_modseq);
    if (plan.move && plan.from != plan.to) doorbell_.ring(plan.from, outcome.source_modseq);
    co_return outcome;
  }
  co_return Error(ErrorKind::unavailable, last.detail);
}

}  // namespace postern::postgres
