// Sync: changes both ways, now or as soon as there are any. MS-ASCMD section 2.2.1.21. One collection's part
// is in sync_turn.cpp, the answer in sync_answer.cpp; here is the request as a whole.
#include <algorithm>

#include "gateway/async/together.h"
#include "protocols/activesync/change_wait.h"
#include "protocols/activesync/commands/admission.h"
#include "protocols/activesync/commands/folder_ledger.h"
#include "protocols/activesync/commands/sync_answer.h"
#include "protocols/activesync/remembered_sync.h"

namespace postern::activesync {

namespace {

Task<Result<void>> refuse_sync(Conversation& conversation, Status status,
                               std::optional<std::uint32_t> limit = std::nullopt) {
  std::string wbxml;
  write_sync_refusal(wbxml, status, limit);
  co_return co_await answer(conversation, status, std::move(wbxml));
}

class SyncRun {
 public:
  explicit SyncRun(Conversation& conversation) : conversation_(conversation) {}

  Task<Result<void>> all(std::optional<Document> document) {
    SyncRequest request;
    if (document) {
      auto read = read_sync(document->root());
      if (!read) co_return co_await refuse_sync(conversation_, read.refusal());
      request = std::move(*read);
    }
    if (!document || request.partial) {
      CO_TRY(const bool is_whole, co_await complete(request));
      if (!is_whole) co_return co_await refuse_sync(conversation_, SyncStatus::incomplete);
    }
    if (const auto limit = wait_limit(request)) {
      co_return co_await refuse_sync(conversation_, SyncStatus::wait_out_of_range, limit);
    }
    co_return co_await answer_or_wait(std::move(request));
  }

 private:
  DeviceStore& devices() { return conversation_.store().devices(); }

  // False: there is nothing to complete it with.
  Task<Result<bool>> complete(SyncRequest& request) {
    std::vector<CollectionId> ids = {kRememberedSync};
    CO_TRY(const std::vector<CollectionLedger> found,
           co_await devices().ledgers(conversation_.device.key, std::move(ids)));
    if (found.empty()) co_return false;
    CO_TRY(SyncRequest before, decode_remembered(found.front().ledger.current.options));
    request = completed(std::move(request), std::move(before));
    co_return !request.collections.empty();
  }

  Task<Result<void>> answer_or_wait(SyncRequest request) {
    std::optional<ChangeWait> wait;
    if (request.wait_s) listen(wait, request);
    Turnstile::Pass pass;  // the first look is the request's own
    while (true) {
      std::vector<SyncTurn> turns;
      auto refused = co_await take_turns(request, turns);
      pass = Turnstile::Pass();
      if (!refused) co_return std::move(refused).error();
      if (*refused) co_return co_await refuse_sync(conversation_, **refused);
      const bool speaks =
          std::any_of(turns.begin(), turns.end(), [](const SyncTurn& one) { return one.speaks(); });
      if (speaks && wait) wait->told(conversation_.services.metrics);
      if (speaks || !wait) co_return co_await write_sync(conversation_, std::move(turns));
      turns.clear();
      turns.shrink_to_fit();
      const Woken woken = co_await wait->next();
      if (woken == Woken::gone) co_return Error(ErrorKind::closed, "the device has hung up");
      const bool over = woken == Woken::expired || woken == Woken::newer_request;
      if (over) co_return co_await write_sync(conversation_, std::move(turns));
      pass = co_await conversation_.looks.enter();
      if (woken != Woken::account) continue;
      CO_TRY(const bool admitted, co_await still_admitted(conversation_));
      if (!admitted) co_return Result<void>();
      CO_TRY(const FolderLedgerView folders, co_await FolderLedgerView::load(conversation_));
      if (folders.changed()) co_return co_await refuse_sync(conversation_, SyncStatus::folders_changed);
    }
  }

  void listen(std::optional<ChangeWait>& wait, const SyncRequest& request) {
    std::vector<MailboxKey> mailboxes;
    for (const SyncCollection& one : request.collections) {
      const auto id = parse_collection_id(one.collection_id);
      if (id && is_mailbox(*id)) mailboxes.push_back(conversation_.mailbox(mailbox_of(*id)));
    }
    wait.emplace(conversation_.services.loop, conversation_.store().changes(), conversation_.exchange,
                 conversation_.device, mailboxes, std::chrono::seconds(*request.wait_s));
  }

  // A status refuses the request as a whole.
  Task<Result<std::optional<Status>>> take_turns(const SyncRequest& request, std::vector<SyncTurn>& turns) {
    std::optional<Status> refused = make_turns(request, turns);
    if (refused) co_return refused;
    CO_TRY(const std::string remembered, co_await begin_turns(turns));
    std::size_t room = request.window_size;
    for (SyncTurn& turn : turns) {
      if (is_mailbox(turn.id) && !turn.mail) refused = SyncStatus::folders_changed;
      if (refused) co_return refused;
    }
    for (SyncTurn& turn : turns) {
      auto taken = co_await take_turn(conversation_, turn, room);
      const bool gone = !taken && taken.error().kind == ErrorKind::not_found;
      if (gone) refused = SyncStatus::folders_changed;
      if (gone) co_return refused;
      if (!taken) co_return std::move(taken).error();
    }
    CO_TRY_VOID(co_await store_ledgers(request, remembered, turns));
    co_return refused;
  }

  static std::optional<Status> make_turns(const SyncRequest& request, std::vector<SyncTurn>& turns) {
    for (const SyncCollection& one : request.collections) {
      const auto id = parse_collection_id(one.collection_id);
      if (!id) return SyncStatus::folders_changed;
      const bool twice =
          std::any_of(turns.begin(), turns.end(), [id](const SyncTurn& other) { return other.id == *id; });
      if (twice) return SyncStatus::protocol_error;
      turns.emplace_back(*id, one);
    }
    return std::nullopt;
  }

  static std::optional<MailTarget> target_of(const std::vector<Mailbox>& mailboxes, MailboxId id) {
    std::optional<MailTarget> target;
    std::optional<MailboxKey> trash;
    for (const Mailbox& mailbox : mailboxes) {
      if (mailbox.special_use == SpecialUse::trash && !trash) trash = mailbox.key;
      if (mailbox.key.mailbox == id) target = MailTarget{mailbox.key, mailbox.special_use, std::nullopt};
    }
    if (target) target->trash = trash;
    return target;
  }

  // Folders, ledgers and the state of mailboxes, read side by side, into the turns; returns what is
  // remembered of the last request.
  Task<Result<std::string>> begin_turns(std::vector<SyncTurn>& turns) {
    Loop& loop = conversation_.services.loop;
    std::vector<CollectionId> ids = {kRememberedSync};
    std::vector<Task<Result<SnapshotPtr>>> looks;
    for (const SyncTurn& turn : turns) {
      ids.push_back(turn.id);
      if (is_looked_at(turn)) {
        looks.push_back(
            conversation_.store().messages().snapshot(conversation_.mailbox(mailbox_of(turn.id))));
      }
    }
    auto read = together(loop, conversation_.store().mailboxes().list(conversation_.account.id),
                         devices().ledgers(conversation_.device.key, std::move(ids)));
    auto answers = co_await together(loop, std::move(read), together(loop, std::move(looks)));
    auto& [mailboxes, ledgers] = answers.first;
    if (!mailboxes) co_return std::move(mailboxes).error();
    if (!ledgers) co_return std::move(ledgers).error();
    auto look = answers.second.begin();
    for (SyncTurn& turn : turns) {
      if (!is_mailbox(turn.id)) continue;
      turn.mail = target_of(*mailboxes, mailbox_of(turn.id));
      if (!is_looked_at(turn)) continue;
      // A mailbox that is gone is not listed; another failure comes again when the turn looks itself.
      if (*look) turn.now = **look;
      ++look;
    }
    co_return take_ledgers(*std::move(ledgers), turns);
  }

  // The first answer gives a key and nothing else.
  static bool is_looked_at(const SyncTurn& turn) { return is_mailbox(turn.id) && turn.asked.sync_key != "0"; }

  std::string take_ledgers(std::vector<CollectionLedger> found, std::vector<SyncTurn>& turns) {
    std::string remembered;
    for (CollectionLedger& one : found) {
      if (one.collection == kRememberedSync) {
        remembered = one.ledger.current.options;
        remembered_key_ = one.ledger.current.key;
      }
      for (SyncTurn& turn : turns) {
        if (turn.id != one.collection) continue;
        // What a remembered request leaves out is the newest key.
        if (turn.asked.sync_key.empty() && !turn.asked.refused)
          turn.asked.sync_key = sync_key_text(one.ledger.current.key);
        turn.ledger = one.ledger;
      }
    }
    return remembered;
  }

  // Those that another request of the device has overtaken fail: the client asks again, with the key it has.
  Task<Result<void>> store_ledgers(const SyncRequest& request, std::string remembered,
                                   std::vector<SyncTurn>& turns) {
    std::vector<LedgerChange> changes;
    for (const SyncTurn& turn : turns) {
      if (turn.next) changes.push_back(*turn.next);
    }
    if (std::string octets = encode_remembered(request); octets != remembered) {
      SyncGeneration generation;
      generation.key = next_sync_key(remembered_key_.value_or(0));
      generation.options = std::move(octets);
      changes.emplace_back(kRememberedSync, remembered_key_, SyncLedger(std::move(generation)));
    }
    if (changes.empty()) co_return Result<void>();
    CO_TRY(const std::vector<CollectionId> stored,
           co_await devices().advance(conversation_.device.key, std::move(changes)));
    for (SyncTurn& turn : turns) {
      const bool is_stored = std::binary_search(stored.begin(), stored.end(), turn.id);
      if (turn.next && !is_stored) turn.fail(SyncStatus::server_error);
    }
    co_return Result<void>();
  }

  Conversation& conversation_;
  std::optional<std::uint32_t> remembered_key_;
};

}  // namespace

Task<Result<void>> run_sync(Conversation& conversation, std::optional<Document> document) {
  SyncRun run(conversation);
  co_return co_await run.all(std::move(document));
}

}  // namespace postern::activesync
