// COPY and MOVE: at once where that is possible, else attempts of a Transfer until one holds.
#include "storage/postgres/messages.h"
#include "storage/postgres/transfer.h"
#include "storage/postgres/transfer_at_once.h"
#include "storage/postgres/write_keys.h"

namespace postern::postgres {

namespace {
constexpr int kAttemptsMax = 10;

Error refusal(const Error& error) {
  if (error.kind == ErrorKind::timed_out) return Error(ErrorKind::unavailable, error.detail);
  return error;
}

// What was in doubt, as its key says that it was done.
Copied settled(Copied outcome, const KeyedWrite& written) {
  outcome.uid_validity = written.uid_validity;
  outcome.target_modseq = written.modseq;
  outcome.to.clear();
  for (std::uint32_t i = 0; i < written.uid_count; ++i) outcome.to.push_back(Uid(raw(written.first_uid) + i));
  return outcome;
}

}  // namespace

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

// Keywords get their numbers in the target before it is locked; they are never taken back, so that an older
// table serves as well as long as it has them all.
Task<Result<void>> PostgresMessages::plan_keywords(TransferPlan& plan, const MailboxSnapshot& source) {
  std::vector<bool> used(source.keywords().names().size());
  source.each(plan.uids, [&source, &used](std::size_t, const MessageState& state) {
    for (const auto number : source.keywords().set(state.keyword_set())) {
      if (number < used.size()) used[number] = true;
    }
  });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) names.push_back(source.keywords().names()[i]);
  }
  plan.keywords.assign(used.size(), std::nullopt);
  if (names.empty()) co_return Result<void>();
  CO_TRY(SnapshotPtr target, co_await index_.reaching(plan.to, ModSeq(0)));
  if (!target->keywords().has_all(names)) {
    CO_TRY(target, co_await index_.current(plan.to));
  }
  KeywordTable table = target->keywords();
  CO_TRY_VOID(co_await keyword_numbers(plan.to, std::move(names), table));
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i]) plan.keywords[i] = table.number_of(source.keywords().names()[i]);
  }
  co_return Result<void>();
}

Task<Result<Copied>> PostgresMessages::carry_out(TransferPlan plan) {
  const Deadline deadline = Deadline::after(StateWriter::kSettleTimeMax);
  plan.key = random_write_key();
  plan.save_date = clock_.now();
  std::optional<Copied> doubted;  // what an attempt in doubt was to do
  if (const SnapshotPtr source = index_.remembered(plan.from)) {
    CO_TRY_VOID(co_await plan_keywords(plan, *source));
    TransferAtOnce transfer(database_, plan, source);
    auto done = co_await transfer.run();
    if (done && *done) co_return told(plan, transfer.outcome(), transfer.source_after());
    if (!done && done.error().kind == ErrorKind::closed) {
      doubted = transfer.outcome();
      CO_TRY(const std::optional<KeyedWrite> written,
             co_await settle_write(database_, plan.to.account, plan.key, deadline));
      if (written) co_return told(plan, settled(*std::move(doubted), *written), nullptr);
    } else if (!done) {
      co_return refusal(done.error());
    }
  }
  Error last(ErrorKind::unavailable);
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    CO_TRY(const SnapshotPtr source, co_await index_.current(plan.from));
    CO_TRY_VOID(co_await plan_keywords(plan, *source));
    Transfer transfer(database_, index_, plan);
    auto copied = co_await transfer.run();
    const bool moved_before = copied && copied->from.empty() && doubted;
    if (copied && !moved_before) co_return told(plan, *copied, transfer.source_after());
    if (!copied) {
      last = copied.error();
      if (last.kind == ErrorKind::stale) continue;
      if (last.kind == ErrorKind::closed) doubted = transfer.outcome();
      // What was in doubt before may have committed after we looked.
      const bool written_before = last.kind == ErrorKind::already_exists && doubted;
      if (last.kind != ErrorKind::closed && !written_before) co_return refusal(last);
    }
    CO_TRY(const std::optional<KeyedWrite> written,
           co_await settle_write(database_, plan.to.account, plan.key, deadline));
    if (written) co_return told(plan, settled(*std::move(doubted), *written), nullptr);
    if (copied) co_return *copied;
  }
  co_return Error(ErrorKind::unavailable, last.detail);
}

Copied PostgresMessages::told(const TransferPlan& plan, Copied outcome, SnapshotPtr source_after) {
  if (outcome.from.empty()) return outcome;
  if (source_after) index_.advance(std::move(source_after));
  doorbell_.ring(plan.to, outcome.target_modseq);
  if (plan.move && plan.from != plan.to) doorbell_.ring(plan.from, outcome.source_modseq);
  return outcome;
}

}  // namespace postern::postgres
