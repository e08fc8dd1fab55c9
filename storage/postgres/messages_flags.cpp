// Flags: the change is computed for every named message of a snapshot, then written at once.
#include <algorithm>
#include <unordered_map>

#include "storage/postgres/messages.h"
#include "storage/postgres/messages_state.h"

namespace postern::postgres {

namespace {

using Numbers = std::vector<KeywordTable::Number>;

// What STORE asks for, in terms of one mailbox.
struct WantedFlags {
  FlagChangeMode mode = FlagChangeMode::replace;
  std::uint8_t system = 0;
  Numbers keywords;
  std::optional<ModSeq> unchanged_since;
  std::optional<ModSeq> in_doubt;  // what an earlier round of ours may have committed
};

// Computes flag words; remembers the keyword sets it has computed already.
class FlagWord {
 public:
  FlagWord(const WantedFlags& wanted, KeywordTable& table) : wanted_(wanted), table_(table) {}

  std::uint32_t after(const MessageState& state) {
    std::uint8_t system = wanted_.system;
    if (wanted_.mode == FlagChangeMode::add)
      system = static_cast<std::uint8_t>(state.system() | wanted_.system);
    if (wanted_.mode == FlagChangeMode::remove)
      system = static_cast<std::uint8_t>(state.system() & ~wanted_.system);
    return system | set_after(state.keyword_set()) << 8;
  }

 private:
  std::uint32_t set_after(std::uint32_t set) {
    if (wanted_.keywords.empty() && wanted_.mode != FlagChangeMode::replace) return set;
    if (const auto known = sets_.find(set); known != sets_.end()) return known->second;
    const Numbers& before = table_.set(set);
    Numbers numbers;
    if (wanted_.mode == FlagChangeMode::replace) {
      numbers = wanted_.keywords;
    } else if (wanted_.mode == FlagChangeMode::add) {
      std::set_union(before.begin(), before.end(), wanted_.keywords.begin(), wanted_.keywords.end(),
                     std::back_inserter(numbers));
    } else {
      std::set_difference(before.begin(), before.end(), wanted_.keywords.begin(), wanted_.keywords.end(),
                          std::back_inserter(numbers));
    }
    return sets_[set] = table_.intern(std::move(numbers));
  }

  const WantedFlags& wanted_;
  KeywordTable& table_;
  std::unordered_map<std::uint32_t, std::uint32_t> sets_;
};

int gained(const MessageState& before, std::uint32_t after, SystemFlag flag) {
  const bool has = (after & static_cast<std::uint8_t>(flag)) != 0;
  return static_cast<int>(has) - static_cast<int>(before.has(flag));
}

FlagsStored plan(StateChange& change, const UidSet& uids, const WantedFlags& wanted, KeywordTable& table) {
  FlagsStored outcome;
  FlagWord word(wanted, table);
  change.base->each(uids, [&](std::size_t, const MessageState& state) {
    const bool ours = wanted.in_doubt == state.modseq;
    if (wanted.unchanged_since && state.modseq > *wanted.unchanged_since && !ours) {
      outcome.refused.add(state.uid);
      return;
    }
    const std::uint32_t after = word.after(state);
    if (after == state.flags) {
      (ours ? outcome.changed : outcome.unchanged).add(state.uid);
      return;
    }
    MailboxPage& page = change.page_of(state.uid);
    const auto at =
        std::partition_point(page.states.begin(), page.states.end(),
                             [&state](const MessageState& other) { return other.uid < state.uid; });
    at->flags = after;
    at->modseq = change.modseq();
    change.unseen -= gained(state, after, SystemFlag::seen);
    change.deleted += gained(state, after, SystemFlag::deleted);
    outcome.changed.add(state.uid);
  });
  outcome.modseq = change.empty() ? wanted.in_doubt.value_or(change.base->modseq()) : change.modseq();
  return outcome;
}

}  // namespace

Task<Result<FlagsStored>> PostgresMessages::store_flags(MailboxKey mailbox, UidSet uids, FlagChange asked,
                                                        std::optional<ModSeq> unchanged_since) {
  WantedFlags wanted;
  wanted.mode = asked.mode;
  wanted.system = asked.flags.system;
  wanted.unchanged_since = unchanged_since;
  // Numbers first: a round may hold the mailbox's row, which giving out a number needs.
  KeywordTable numbered;
  if (!asked.flags.keywords.empty()) {
    // Numbers never change, so an older table will do; a name that it lacks is another matter.
    CO_TRY(SnapshotPtr snapshot, co_await index_.reaching(mailbox, ModSeq(0)));
    if (!snapshot->keywords().has_all(asked.flags.keywords)) {
      CO_TRY(snapshot, co_await index_.current(mailbox));
    }
    numbered = snapshot->keywords();
    // A keyword that the mailbox does not know cannot be on a message.
    const auto unknown = [&numbered](const std::string& name) { return !numbered.number_of(name); };
    if (asked.mode == FlagChangeMode::remove) std::erase_if(asked.flags.keywords, unknown);
    CO_TRY(wanted.keywords, co_await keyword_numbers(mailbox, asked.flags.keywords, numbered));
  }
  StateWriter writer(database_, index_, doorbell_, mailbox);
  for (;;) {
    CO_TRY(SnapshotPtr snapshot, co_await writer.begin_round());
    auto table = std::make_shared<KeywordTable>(snapshot->keywords());
    for (const auto number : wanted.keywords) table->learn(number, numbered.names()[number]);
    wanted.in_doubt = writer.in_doubt();
    StateChange change(snapshot);
    FlagsStored outcome = plan(change, uids, wanted, *table);
    if (change.empty() && writer.unverified()) continue;
    if (change.empty()) co_return outcome;
    if (!wanted.keywords.empty()) change.keywords = std::move(table);
    CO_TRY(const bool written, co_await writer.write(std::move(change)));
    if (written) co_return outcome;
  }
}

}  // namespace postern::postgres
